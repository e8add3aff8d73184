"""What the page about constraints shows is what happens."""

from __future__ import annotations

import re

from nesy.language.library import COUNTING
from tests.unit.pages import page, printing

PAGE = page("constraints")


def test_the_examples_print_what_stands_below_them() -> None:
    examples = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", PAGE, flags=re.DOTALL)
    assert len(examples) == PAGE.count("```python") > 3
    printing(examples)


def test_every_constraint_stands_on_the_page() -> None:
    assert {name for name, _ in COUNTING} <= set(re.findall(r"`(\w+)\(", PAGE))


def test_the_codes_stand_on_the_page_of_errors() -> None:
    codes = re.findall(r"\(`([a-z]+(?:-[a-z]+)+)`\)", PAGE)
    assert len(codes) > 1
    assert all(f"`{code}`" in page("errors") for code in codes)
