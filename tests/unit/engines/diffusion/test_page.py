"""What the page about the diffusion engine shows is what happens."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from nesy.engines.diffusion import Diffusion
from tests.unit.pages import page, printing, raised_in

PAGE = page("diffusion")

pytestmark = pytest.mark.usefixtures("one_thread")


def test_the_example_prints_what_stands_below_it() -> None:
    examples = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", PAGE, flags=re.DOTALL)
    assert len(examples) == 1
    printing(examples)


def test_every_option_has_a_row_with_its_default() -> None:
    rows = dict(re.findall(r"^\| (`.*`) \|.*\| ([^|]+) \|$", PAGE, flags=re.MULTILINE))
    told = {
        name: default.strip('`" ')
        for names, defaults in rows.items()
        for name, default in zip(re.findall(r"`(\w+)`", names), defaults.split(", "), strict=True)
    }
    made = Diffusion()
    assert set(told) == {field.name for field in fields(made)}
    for name, default in told.items():
        value = getattr(made, name)
        assert default == value if isinstance(value, str) else float(default) == value


def test_every_code_stands_on_the_page_of_errors() -> None:
    errors = page("errors")
    codes = raised_in("nesy/engines/diffusion")
    assert len(codes) >= 2
    assert {code for code in codes if f"`{code}`" not in errors} == set()
