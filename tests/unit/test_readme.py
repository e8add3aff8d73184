"""The README's example is run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch

README = Path(__file__).parents[2] / "README.md"


def example() -> str:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    return str(code)


def test_the_example_trains_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(0)
    names: dict[str, torch.Tensor] = {}
    exec(example(), names)
    assert names["right"].float().mean() > 0.8
    assert "sums right on unseen images: " in capsys.readouterr().out


def test_the_example_is_short() -> None:
    assert len(example().strip().splitlines()) <= 20
