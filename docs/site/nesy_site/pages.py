"""Pages that are made of other files of the repository: benchmarks, notebooks, examples, the changelog."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import final

from nesy_site.notebooks import as_page, notebooks
from nesy_site.repository import PAGES, ROOT, STATIC, address

_EXAMPLES = (
    "docs/examples",
    "docs/examples/train_addition",
    "docs/examples/plugin",
    "docs/examples/plugin/nesy_example",
)
"""Folders of which the site shows every file."""

_LANGUAGES = {".py": "python", ".nesy": "prolog", ".toml": "toml"}


@final
@dataclass(frozen=True)
class Made:
    """A file of the site that is not in docs/: its source path, its text, and where the text is from."""

    uri: str
    text: str
    path: str


def made() -> Iterator[Made]:
    """All files that the site has beside those in docs/."""
    for path in (*PAGES, *STATIC, *benchmarks()):
        uri = address(path)
        if uri is not None:
            yield Made(uri, (ROOT / path).read_text(encoding="utf-8"), path)
    for path in notebooks():
        uri = address(path)
        if uri is not None:
            yield Made(uri, as_page(path), path)
    for folder in _EXAMPLES:
        uri = address(folder)
        if uri is not None:
            yield Made(uri, _listing(ROOT / folder), f"{folder}/index.md")


def benchmarks() -> list[str]:
    """The READMEs of the benchmarks, as paths in the repository."""
    return [p.relative_to(ROOT).as_posix() for p in sorted(ROOT.glob("benchmarks/*/README.md"))]


def title(path: str) -> str:
    """The first heading of a page of the repository."""
    heading = re.search(r"^# (.+)$", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    return heading[1] if heading else path


def _listing(folder: Path) -> str:
    lines = [f"# {folder.relative_to(ROOT)}", ""]
    for path in sorted(p for p in folder.iterdir() if p.suffix in _LANGUAGES):
        text = path.read_text(encoding="utf-8").rstrip()
        lines += [f"## {path.name}", "", f"```{_LANGUAGES[path.suffix]}", text, "```", ""]
    return "\n".join(lines)
