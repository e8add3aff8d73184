"""Pages of docs/, their examples, and the codes that they and folders of the package name."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]


def page(name: str) -> str:
    """The text of docs/NAME.md."""
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def printing(examples: Iterable[tuple[str, str]]) -> dict[str, object]:
    """Run pieces of code one after the other, each of which prints its text; what they define."""
    names: dict[str, object] = {}
    for code, expected in examples:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, names)
        assert printed.getvalue() == expected
    return names


def printing_about(code: str, shown: str, names: dict[str, object], within: float) -> None:
    """Run a piece of code that prints a text, in which numbers may differ by a little."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, names)
    number = r"-?\d+(?:\.\d+)?"
    found = printed.getvalue()
    assert re.sub(number, "0", found) == re.sub(number, "0", shown)
    for one, other in zip(re.findall(number, found), re.findall(number, shown), strict=True):
        assert abs(float(one) - float(other)) <= within, f"{found} is not about {shown}"


def mistakes(text: str) -> set[str]:
    """The codes in a page's chapter of mistakes."""
    return set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", text.partition("## Mistakes")[2]))


def raised_in(folder: str) -> set[str]:
    """The codes of the errors that the files of a folder, and of those in it, write out."""
    return {
        code
        for path in (ROOT / folder).rglob("*.py")
        for code in re.findall(r'Error\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8"))
    }
