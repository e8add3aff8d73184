"""What the page about the SAT-backed engine shows is what happens."""

from __future__ import annotations

import re

import pytest

from tests.unit.pages import mistakes, page, printing, raised_in

PAGE = page("sat")
EXAMPLES = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, flags=re.DOTALL)
CODES = mistakes(PAGE)


def test_the_examples_print_what_stands_below_them() -> None:
    assert len(EXAMPLES) == PAGE.count("```python") > 1
    printing(EXAMPLES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_mistakes_stand_on_the_page_of_errors(code: str) -> None:
    assert f"`{code}`" in page("errors")


def test_every_code_that_the_engine_raises_stands_on_the_page() -> None:
    raised = raised_in("nesy/engines/sat")
    assert len(raised) >= 4
    assert raised <= CODES
