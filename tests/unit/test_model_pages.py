"""What the pages about models and training show is what happens."""

from __future__ import annotations

import re

import pytest
import torch

from tests.unit.pages import ROOT, mistakes, page, printing, raised_in

PAGES = {name: page(name) for name in ("models", "training")}


@pytest.mark.parametrize("name", PAGES)
def test_the_examples_print_what_stands_below_them(name: str) -> None:
    examples = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", PAGES[name], flags=re.DOTALL)
    assert len(examples) >= 3
    loss = printing(examples).get("loss")
    assert loss is None or (isinstance(loss, torch.Tensor) and loss.isfinite())


def test_every_loop_has_its_line() -> None:
    scripts = {path.name for path in (ROOT / "docs" / "examples").glob("*.py")} - {"points.py"}
    assert scripts == set(re.findall(r"\| `(\w+\.py)` \|", PAGES["training"]))


def test_every_code_that_models_raise_stands_on_a_page() -> None:
    raised = raised_in("nesy/nn")
    assert len(raised) > 15
    errors = page("errors")
    assert {code for code in raised | mistakes(PAGES["models"]) if f"`{code}`" not in errors} == set()
