"""Where the files of the repository stand on the site, and links between them.

Pages link to files as they lie in the repository, so that links work wherever the repository is shown.
On the site some of these files stand elsewhere.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[3]
"""The repository."""

PAGES = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "grammar/vscode/README.md": "grammar/vscode.md",
}
"""Pages outside docs/, beside the benchmarks' READMEs."""

STATIC = ("grammar/nesy.ebnf", "grammar/operators.tsv")
"""Files outside docs/ that the site has as they are."""

_LINK = re.compile(r"(?<=\]\()([^)\s#]+)(#[^)\s]*)?(?=\))")


def address(path: str) -> str | None:
    """The site's source path of a file or folder of the repository; None where the site has none."""
    parts = PurePosixPath(path).parts
    if path in PAGES or path in STATIC:
        return PAGES.get(path, path)
    if len(parts) == 3 and parts[0] == "benchmarks" and parts[2] == "README.md":
        return f"benchmarks/{parts[1]}.md"
    if parts[0] == "notebooks" and path.endswith(".ipynb"):
        return str(PurePosixPath(path).with_suffix(".md"))
    if parts[:2] == ("docs", "examples") and (ROOT / path).is_dir():
        return "/".join((*parts[1:], "index.md"))
    return "/".join(parts[1:]) if parts[0] == "docs" and len(parts) > 1 else None


def rewritten(markdown: str, path: str) -> str:
    """A page whose links to files of the repository lead to where those stand on the site.

    path: the page in the repository. Links that the site has nothing for stay as they are.
    """
    own = address(path)
    if own is None:
        raise ValueError(f"{path} is no page of the site")
    folder, here = posixpath.dirname(path), posixpath.dirname(own)

    def moved(link: re.Match[str]) -> str:
        target, place = link[1], link[2] or ""
        if ":" in target or target.startswith("/"):
            return link[0]
        found = address(posixpath.normpath(posixpath.join(folder, target)))
        return link[0] if found is None else posixpath.relpath(found, here or ".") + place

    return _LINK.sub(moved, markdown)
