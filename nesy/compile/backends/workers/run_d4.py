"""Compiles DIMACS files with d4: `N.cnf` to `N.nnf`. Run as a program; d4 prints as it likes."""

from __future__ import annotations

import sys
from pathlib import Path

import py_d4


def main(files: list[str]) -> None:
    """Compile each file in turn."""
    for name in files:
        text = py_d4.Solver(name).compile().getNNFString()
        Path(name).with_suffix(".nnf").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
