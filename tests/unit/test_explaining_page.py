"""What the page about explanations shows is what happens."""

from __future__ import annotations

import re

import pytest

from nesy.cli.main import app
from nesy.engines.explaining.fields import fields
from tests.unit.pages import mistakes, page, printing, raised_in

PAGE = page("explaining")
EXAMPLES = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, flags=re.DOTALL)
CODES = mistakes(PAGE)


def test_the_examples_print_what_stands_below_them() -> None:
    assert len(EXAMPLES) == PAGE.count("```python")
    names = printing(EXAMPLES)
    told = fields(names["found"])  # type: ignore[arg-type]
    assert all(f"`{key}`" in PAGE for key in told)
    assert all(f"`{key}`" in PAGE for name in ("influences", "changes") for key in told[name][0])
    assert all(f"`{key}`" in PAGE for key in told["proofs"][0]["steps"][0])


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_mistakes_stand_on_the_page_of_errors(code: str) -> None:
    assert f"`{code}`" in page("errors")


def test_every_code_that_explaining_raises_stands_on_the_page() -> None:
    raised = raised_in("nesy/engines/explaining")
    assert raised
    assert raised <= CODES


def test_every_option_of_the_command_stands_on_the_page() -> None:
    commands = {c.name: c for c in app.registered_commands}
    assert "explain" in commands
    assert re.search(r"nesy explain FILE ATOM \[--proofs K\] \[--given ATOM\]", PAGE)
