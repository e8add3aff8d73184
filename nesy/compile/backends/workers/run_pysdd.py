"""Compiles DIMACS files with the SDD library: `N.cnf` to `N.sdd` and `N.vtree`. Run as a program."""

from __future__ import annotations

import sys
from pathlib import Path

from pysdd.sdd import SddManager


def main(files: list[str]) -> None:
    """Compile each file in turn."""
    for name in files:
        manager, root = SddManager.from_cnf_file(name.encode())
        root.save(str(Path(name).with_suffix(".sdd")).encode())
        manager.vtree().save(str(Path(name).with_suffix(".vtree")).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
