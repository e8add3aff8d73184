"""What the pages about models and training show is what happens."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).parents[2]
PAGES = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("models", "training")}
CODES = re.findall(r"`([a-z]+(?:-[a-z]+)+)`", PAGES["models"].partition("## Mistakes")[2])


@pytest.mark.parametrize("name", PAGES)
def test_the_examples_print_what_stands_below_them(name: str) -> None:
    names: dict[str, object] = {}
    examples = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", PAGES[name], flags=re.DOTALL)
    assert len(examples) >= 3
    for code, expected in examples:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, names)
        assert printed.getvalue() == expected
    loss = names.get("loss")
    assert loss is None or (isinstance(loss, torch.Tensor) and loss.isfinite())


def test_every_loop_has_its_line() -> None:
    scripts = {path.name for path in (ROOT / "docs" / "examples").glob("*.py")} - {"points.py"}
    assert scripts == set(re.findall(r"\| `(\w+\.py)` \|", PAGES["training"]))


def test_every_code_that_models_raise_stands_on_a_page() -> None:
    raised: set[str] = set()
    for path in (ROOT / "nesy" / "nn").glob("*.py"):
        raised |= set(re.findall(r'Error\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8")))
    assert len(raised) > 15
    errors = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert {code for code in raised | set(CODES) if f"`{code}`" not in errors} == set()
