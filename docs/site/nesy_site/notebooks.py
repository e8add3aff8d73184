"""Notebooks as pages: their text, and their code in blocks."""

from __future__ import annotations

import json
from typing import Any

from nesy_site.repository import ROOT


def notebooks() -> list[str]:
    """The notebooks, as paths in the repository, in the order in which they are read."""
    return [p.relative_to(ROOT).as_posix() for p in sorted(ROOT.glob("notebooks/*.ipynb"))]


def as_page(path: str) -> str:
    """The Markdown of a notebook of the repository; below its title, where it lies."""
    cells = json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]
    heading, _, rest = _markdown(cells[0]).partition("\n")
    origin = f"*The notebook `{path}`, without what it prints and draws.*"
    return "\n\n".join([heading, origin, rest.strip(), *map(_markdown, cells[1:])]) + "\n"


def _markdown(cell: dict[str, Any]) -> str:
    text = "".join(cell["source"])
    return text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```"
