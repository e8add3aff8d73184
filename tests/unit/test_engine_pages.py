"""What the pages about engines and their questions show is what happens; their mistakes are those raised."""

from __future__ import annotations

import re

import pytest

from tests.unit.pages import mistakes, page, printing, raised_in

PAGES = {"sat": 4, "tasks": 9, "reasoning": 7, "explaining": 1, "audit": 7}
"""Pages named like a folder of engines, and how many codes that folder raises at least."""


@pytest.mark.parametrize("name", PAGES)
def test_the_examples_print_what_stands_below_them(name: str) -> None:
    examples = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", page(name), flags=re.DOTALL)
    assert len(examples) == page(name).count("```python") > 0
    printing(examples)


@pytest.mark.parametrize("name", PAGES)
def test_the_mistakes_stand_on_the_page_of_errors(name: str) -> None:
    errors = page("errors")
    assert {code for code in mistakes(page(name)) if f"`{code}`" not in errors} == set()


@pytest.mark.parametrize(("name", "least"), PAGES.items())
def test_every_code_that_is_raised_stands_on_the_page(name: str, least: int) -> None:
    raised = raised_in(f"nesy/engines/{name}")
    assert len(raised) >= least
    assert raised <= mistakes(page(name))
