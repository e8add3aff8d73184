"""Folders of rule files for tests, and what loading one of them says."""

from __future__ import annotations

from pathlib import Path

import pytest

import nesy


def folder(root: Path, files: dict[str, str]) -> Path:
    """Write some files, and give the path of the first."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root / next(iter(files))


def answers(path: Path, **options: object) -> dict[str, float]:
    program = nesy.load(path, **options)  # type: ignore[arg-type]
    return {atom: answer.probability for atom, answer in nesy.solve(program).items()}


def refused(path: Path, **options: object) -> nesy.NesyError:
    with pytest.raises(nesy.NesyError) as caught:
        nesy.load(path, **options)  # type: ignore[arg-type]
    return caught.value


def place(error: nesy.NesyError) -> tuple[str, str, int, int]:
    """An error's code, file, line and column."""
    assert error.span is not None
    return error.code, Path(error.span.source.name).name, error.span.line, error.span.column
