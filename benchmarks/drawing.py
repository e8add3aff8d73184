"""Pictures that benchmarks draw: their colours, and files that are written whole or not at all."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

from matplotlib.figure import Figure

from nesy.errors import DataError

RIGHT, WRONG, NEUTRAL, FAINT = "#2a6f97", "#c1121f", "#6c757d", "#ced4da"


def prepare_folder(folder: Path) -> None:
    """Make the pictures' folder, or refuse. Raises `DataError` (unwritable-output)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise DataError("unwritable-output", f"cannot make the folder {folder}: {reason}") from None
    if not os.access(folder, os.W_OK):
        raise DataError("unwritable-output", f"cannot write into {folder}", hint="choose another with --out")


def write_picture(figure: Figure, path: Path) -> None:
    """Write a figure as PNG. The file appears whole, or not at all.

    Raises `DataError` (unwritable-output).
    """
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=150)
    try:
        _replace(path, picture.getvalue())
    except OSError as reason:
        raise DataError("unwritable-output", f"cannot write {path}: {reason}") from None


def _replace(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=path.suffix, delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.close()
            temporary.chmod(0o644)  # temporary files are readable by their owner only
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
