"""What the page about tasks shows is what happens."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tasks.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, flags=re.DOTALL)
CODES = re.findall(r"`([a-z]+(?:-[a-z]+)+)`", PAGE.partition("## Mistakes")[2])


def test_the_examples_print_what_stands_below_them() -> None:
    names: dict[str, object] = {}
    assert len(EXAMPLES) == PAGE.count("```python")
    for code, expected in EXAMPLES:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, names)
        assert printed.getvalue() == expected


@pytest.mark.parametrize("code", sorted(set(CODES)))
def test_the_mistakes_stand_on_the_page_of_errors(code: str) -> None:
    assert f"`{code}`" in (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")


def test_every_code_that_tasks_raise_stands_on_the_page() -> None:
    raised = set()
    for path in (ROOT / "nesy" / "engines" / "tasks").glob("*.py"):
        raised |= set(re.findall(r'Error\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8")))
    assert len(raised) > 8
    assert raised <= set(CODES)
