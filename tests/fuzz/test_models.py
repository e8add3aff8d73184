"""Models of mutated programs and queries, given tensors of any shape, end in numbers or a `NesyError`."""

from __future__ import annotations

import traceback
from pathlib import Path
from random import Random

import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy import Model
from tests.fuzz.mutations import mutated
from tests.fuzz.running import Ending
from tests.time_limit import LateError, limited

FOLDER = Path(__file__).parents[2] / "grammar" / "corpus" / "valid"
QUERIES = {
    "image_sum": ("adds_up(a, b, tens, units)", None, "a b tens units"),
    "bags": ("shows([tensor(bag(0)),tensor(bag(1))], D)", "D", "bag"),
    "coins": ("outcome(photo, Outcome)", "Outcome", "photo"),
    "formulas": ("formula([tensor(f(0))], Value)", "Value", "f"),
    "sketch_adding": ("add([7], [5], 0, Sum)", "Sum", ""),
    "sketch_sorting": ("sorted([2,1], Sorted)", "Sorted", ""),
    "encoders": ("matching(tensor(train(1)), tensor(train(0)))", None, "train"),
}
"""What each program is asked, its output, and the tensors it wants."""

SECONDS = 4.0
MODELS = 210


class Anything(nn.Module):
    """Takes tensors of any shape. rows, values: the shape of what it returns is off by so many."""

    def __init__(self, values: int, off: tuple[int, int]) -> None:
        super().__init__()
        self.values = values
        self.off = off

    def forward(self, *given: Tensor) -> Tensor:
        rows = len(given[0])
        return torch.full((rows + self.off[0], self.values + self.off[1]), 1 / max(self.values, 1))


def ended(seed: int) -> Ending:
    try:
        with limited(SECONDS):
            return _run(Random(seed))
    except nesy.NesyError as error:
        str(error).encode()
        return Ending("error", error.code)
    except LateError:
        return Ending("late")
    except Exception:
        return Ending("crash", traceback.format_exc())


def _run(rng: Random) -> Ending:
    """One thing is wrong, or nothing."""
    name = rng.choice(sorted(QUERIES))
    text = (FOLDER / f"deepproblog_{name}.nesy").read_text()
    query, output, names = QUERIES[name]
    fault = rng.choice(["text", "text", "query", "query", "output", "network", "tensor", "none"])
    if fault == "text":
        text = mutated(rng, text, query)
    if fault == "query":
        query = mutated(rng, query, text[-200:])
    if fault == "output":
        output = rng.choice(["D", "Nothing", "", "a", "_"])
    program = nesy.parse(text)
    off = rng.choice([(1, 0), (0, 1), (0, -1), (-1, 0)]) if fault == "network" else (0, 0)
    networks = {n.network: Anything(len(n.domain or "1"), off) for n in program.networks()}
    model = Model(program, networks, query, output)
    found = model(**{n: _tensor(rng, fault) for n in names.split()})
    for tensor in [found] if isinstance(found, Tensor) else found:
        assert not bool(tensor.isnan().any())
    return Ending("answer")


def _tensor(rng: Random, fault: str) -> Tensor:
    shapes: list[tuple[int, ...]] = [(), (2,), (0, 3), (3, 2, 3), (2, 1), (2, 3, 4)]
    return torch.zeros(rng.choice(shapes) if fault == "tensor" else (2, 3, 4))


@pytest.mark.parametrize("start", range(0, MODELS, 70))
def test_numbered_models_end_well(start: int) -> None:
    endings = {seed: ended(seed) for seed in range(start, start + 70)}
    wrong = {seed: e for seed, e in endings.items() if e.kind == "crash"}
    assert not wrong, "\n".join(f"number {s}: {e.detail}" for s, e in list(wrong.items())[:3])
    assert sum(e.kind == "late" for e in endings.values()) == 0
    assert sum(e.kind == "answer" for e in endings.values()) >= 8
