"""Each recipe prints what stands below it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.pages import page, printing

PAGE = page("recipes")


@pytest.mark.usefixtures("one_thread")
def test_the_recipes_print_what_stands_below_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", PAGE, flags=re.DOTALL)
    assert len(found) == PAGE.count("```python") >= 10
    printing(found)
