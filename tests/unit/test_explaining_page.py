"""The page about explanations names all that is told; its examples are in `test_engine_pages.py`."""

from __future__ import annotations

import re

import nesy
from nesy.cli.main import app
from nesy.engines.explaining.fields import fields
from tests.unit.pages import page

PAGE = page("explaining")


def test_every_field_that_is_told_stands_on_the_page() -> None:
    told = fields(nesy.explain_probability(nesy.parse("0.2::a. 0.3::b. c :- a. c :- b."), "c"))
    assert all(told[name] for name in ("influences", "changes", "proofs"))
    assert all(f"`{key}`" in PAGE for key in told)
    assert all(f"`{key}`" in PAGE for name in ("influences", "changes") for key in told[name][0])
    assert all(f"`{key}`" in PAGE for key in told["proofs"][0]["steps"][0])


def test_every_option_of_the_command_stands_on_the_page() -> None:
    commands = {c.name: c for c in app.registered_commands}
    assert "explain" in commands
    assert re.search(r"nesy explain FILE ATOM \[--proofs K\] \[--given ATOM\]", PAGE)
