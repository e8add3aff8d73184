"""What the page about tasks shows is what happens."""

from __future__ import annotations

import re

import pytest

from tests.unit.pages import mistakes, page, printing, raised_in

PAGE = page("tasks")
EXAMPLES = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, flags=re.DOTALL)
CODES = mistakes(PAGE)


def test_the_examples_print_what_stands_below_them() -> None:
    assert len(EXAMPLES) == PAGE.count("```python")
    printing(EXAMPLES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_mistakes_stand_on_the_page_of_errors(code: str) -> None:
    assert f"`{code}`" in page("errors")


def test_every_code_that_tasks_raise_stands_on_the_page() -> None:
    raised = raised_in("nesy/engines/tasks")
    assert len(raised) > 8
    assert raised <= CODES
