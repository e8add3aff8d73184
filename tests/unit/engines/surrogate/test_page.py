"""What the page about surrogates shows is what happens."""

from __future__ import annotations

import re

import torch

from nesy.engines.surrogate import Convergence, NotConvergedWarning, Surrogate
from tests.unit.pages import page, printing, raised_in

PAGE = page("surrogate")


def test_the_examples_run() -> None:
    torch.manual_seed(0)
    names = printing([(code, "") for code in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)])
    found = names["found"]
    assert isinstance(found, Convergence)
    assert found.converged


def test_the_options_and_their_defaults_are_those_of_the_engine() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([\w.]+) \|$", PAGE, flags=re.MULTILINE)
    assert rows == [(name, str(value)) for name, value in vars(Surrogate()).items()]


def test_the_code_of_the_warning_is_the_one_it_has() -> None:
    assert f"`{NotConvergedWarning.code}`" in PAGE


def test_its_errors_stand_on_the_page_of_errors() -> None:
    raised = raised_in("nesy/engines/surrogate")
    assert raised
    assert {code for code in raised if f"`{code}`" not in page("errors")} == set()
