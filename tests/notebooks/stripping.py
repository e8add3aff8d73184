"""Notebooks as they are kept: without outputs, counts, or anything that an editor left behind.

`python -m tests.notebooks.stripping` strips those of the repository.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat

FOLDER = Path(__file__).parents[2] / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebooks() -> list[Path]:
    """Those of the repository, in the order in which they are read."""
    return sorted(FOLDER.glob("*.ipynb"))


def stripped(notebook: Any) -> Any:
    """The same cells, with nothing that running or editing them leaves. Cells are numbered anew."""
    cells = []
    for number, cell in enumerate(notebook.cells):
        kept = {"cell_type": cell.cell_type, "id": f"cell-{number}", "metadata": {}, "source": cell.source}
        if cell.cell_type == "code":
            kept |= {"execution_count": None, "outputs": []}
        cells.append(kept)
    content = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return nbformat.from_dict(content)


def written(notebook: Any) -> str:
    """A notebook as the text of its file."""
    return nbformat.writes(notebook) + "\n"


if __name__ == "__main__":
    for path in notebooks():
        path.write_text(written(stripped(nbformat.read(path, as_version=4))), encoding="utf-8")
