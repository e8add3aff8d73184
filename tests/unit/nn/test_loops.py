"""The training loops of docs/examples: each learns its task, and does what its first line promises."""

from __future__ import annotations

import copy
import importlib.util
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

import nesy

FOLDER = Path(__file__).parents[3] / "docs" / "examples"
LONGEST = 60


@pytest.fixture(autouse=True)
def in_the_folder(monkeypatch: pytest.MonkeyPatch, one_thread: None) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))


def example(name: str) -> dict[str, Any]:
    return runpy.run_path(str(FOLDER / f"{name}.py"), run_name="example")


def task() -> dict[str, Any]:
    return example("points")


def test_every_example_is_short() -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in FOLDER.glob("*.py")}
    assert len(lengths) >= 9
    assert max(lengths.values()) < LONGEST


@pytest.mark.parametrize("name", ["plain", "accumulation"])
def test_the_loop_learns(name: str) -> None:
    assert example(name)["train"]() > 0.95


@pytest.mark.parametrize("library", ["lightning", "accelerate"])
@pytest.mark.filterwarnings("ignore")  # of the libraries' own
def test_the_loop_of_a_library_learns(library: str) -> None:
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    assert example(f"with_{library}")["train"]() > 0.95


def test_accumulated_gradients_are_those_of_the_whole_batch() -> None:
    points = task()
    a, b, sums = next(points["batches"](1, size=30))
    whole, parts = points["make_model"](), points["make_model"]()
    whole.loss(sums, a=a, b=b).backward()
    example("accumulation")["accumulate"](parts, a, b, sums)
    for expected, found in zip(whole.parameters(), parts.parameters(), strict=True):
        torch.testing.assert_close(found.grad, expected.grad)


def test_a_resumed_run_is_the_same_to_the_last_bit(tmp_path: Path) -> None:
    train = example("checkpoint")["train"]
    straight = train(tmp_path / "straight.pt", stop=40)
    train(tmp_path / "half.pt", stop=17)
    resumed = train(tmp_path / "half.pt", stop=40)
    for name, expected in straight.state_dict().items():
        assert torch.equal(resumed.state_dict()[name], expected), name


def test_compiled_objectives_give_the_same_loss_and_gradients() -> None:
    points = task()
    a, b, sums = next(points["batches"](1))
    model = points["make_model"]()
    model.loss(sums, a=a, b=b)  # the first call checks what networks return
    twin = copy.deepcopy(model)
    expected = model.loss(sums, a=a, b=b)
    expected.backward()
    found = torch.compile(nesy.Objective(twin), backend="aot_eager")(sums, a=a, b=b)
    found.backward()
    torch.testing.assert_close(found, expected)
    for mine, theirs in zip(twin.parameters(), model.parameters(), strict=True):
        torch.testing.assert_close(mine.grad, theirs.grad)


@pytest.mark.parametrize("partly", [False, True])
def test_a_model_of_several_outputs_compiles_to_one_graph(partly: bool) -> None:
    rules = """
        nn(net, [X], D, 0..3) :: digit(X, D).
        shown(sum, S) :- digit(a, A), digit(b, B), S is A + B.
        shown(most, M) :- digit(a, A), digit(b, B), M is max(A, B).
    """
    torch.manual_seed(0)
    networks = {"net": nesy.logits(torch.nn.Linear(2, 4))}
    model = nesy.Model(nesy.parse(rules), networks, "shown(I, V)", "V")
    a, b = torch.randn(2, 5, 2)
    targets = torch.tensor([[3, 6]] * 5)
    if partly:
        targets[1:3, 1] = -1
    expected = model.loss(targets, a=a, b=b)  # and has made the circuit for such targets
    traced = torch.compile(nesy.Objective(model), backend="aot_eager", fullgraph=True)
    torch.testing.assert_close(traced(targets, a=a, b=b), expected)
    if not partly:
        targets[0, 0] = -1
        with pytest.raises(RuntimeError, match="all observed"):
            traced(targets, a=a, b=b)


def test_the_compiled_loop_learns() -> None:
    assert example("compiled")["train"](backend="aot_eager") > 0.95


def test_an_exported_model_answers_for_batches_of_other_sizes() -> None:
    points = task()
    model = points["make_model"]()
    program = example("exported")["export"](model)
    for size in (2, 5, 64):
        a, b, _ = next(points["batches"](1, size=size))
        torch.testing.assert_close(program.module()(a, b), model(a=a, b=b))


def test_two_processes_have_the_gradients_of_one(tmp_path: Path) -> None:
    out = tmp_path / "rank0.pt"
    environment = {**os.environ, "OUT": str(out), "STEPS": "3", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    done = subprocess.run(
        [*command, str(FOLDER / "distributed.py")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "sums right" in done.stdout
    state, gradients = torch.load(out, weights_only=True)
    points = task()
    model = points["make_model"]()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.03)
    for a, b, sums in points["batches"](3):
        optimiser.zero_grad()
        model.loss(sums, a=a, b=b).backward()
        optimiser.step()
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(gradients[name], parameter.grad, rtol=1e-4, atol=1e-6)
        torch.testing.assert_close(state[name], parameter.detach(), rtol=1e-4, atol=1e-5)
