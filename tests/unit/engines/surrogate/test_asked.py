"""What is asked in an unusual way: nothing at all, nonsense, in modes of torch, of copies."""

from __future__ import annotations

import copy
import pickle
import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from torch import Tensor

import nesy
from nesy.engines.surrogate import NotConvergedWarning, Surrogate, SurrogateInference
from nesy.logic.program import GroundProgram
from tests.unit.engines.surrogate.programs import beliefs, constrained, latin, sums

BRIEF = Surrogate(samples=16, hidden=8, first=2, patience=0, beam=4)

KINDS: dict[str, tuple[Callable[[], GroundProgram], Surrogate]] = {
    "modules": (lambda: sums(2), BRIEF),
    "condition": (constrained, BRIEF),
    "conjuncts": (latin, Surrogate(samples=16, first=2, patience=0, largest=10)),
    "layers": (constrained, Surrogate(samples=16, hidden=8, first=2, patience=0, largest=1, beam=2)),
    "outputs": (constrained, Surrogate(samples=16, first=2, patience=0, predict="outputs")),
}


@pytest.fixture(autouse=True)
def _expected() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotConvergedWarning)
        yield


@pytest.fixture(params=sorted(KINDS))
def inference(request: pytest.FixtureRequest) -> SurrogateInference:
    program, engine = KINDS[request.param]
    return engine.build(program())


def asked(inference: SurrogateInference, given: Tensor) -> list[Tensor]:
    """All answers to be had of some beliefs; targets unobserved."""
    nothing = torch.full((len(given), len(inference.program.outputs)), -1)
    return [
        inference.predict(given),
        inference.log_prob(given, nothing),
        *(m.log_probs for m in inference.marginals(given)),
        inference.explain(given, nothing),
        inference.loss(given, nothing),
    ]


def code(question: Callable[[], object]) -> str:
    with pytest.raises(nesy.NesyError) as raised:
        question()
    return raised.value.code


def test_an_empty_batch_has_empty_answers(inference: SurrogateInference) -> None:
    program = inference.program
    predicted, log_prob, *marginals, explained, loss = asked(inference, torch.zeros(0, program.width))
    assert predicted.shape == (0, len(program.outputs))
    assert log_prob.shape == (0,)
    assert [m.shape for m in marginals] == [(0, len(o.domain)) for o in program.outputs]
    assert explained.shape == (0, len(program.symbols))
    assert loss == 0


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode, torch.enable_grad], ids=str)
def test_it_learns_whatever_mode_the_first_question_is_asked_in(
    inference: SurrogateInference, mode: Callable[[], torch.no_grad]
) -> None:
    program = inference.program
    with mode():
        answers = asked(inference, beliefs(program, 3, seed=0))
    assert all(not answer.requires_grad for answer in answers)
    given = beliefs(program, 3, seed=0).requires_grad_()
    inference.loss(given, torch.full((3, len(program.outputs)), -1)).backward()


def test_autocasting_costs_no_precision(inference: SurrogateInference) -> None:
    given = beliefs(inference.program, 3, seed=0)
    plain = asked(inference, given)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        casting = asked(inference, given)
    assert all(torch.equal(a, b) for a, b in zip(plain, casting, strict=True))


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))], ids=["copied", "pickled"]
)
def test_copies_of_what_was_used_answer_without_gradients(
    inference: SurrogateInference, copied: Callable[[SurrogateInference], SurrogateInference]
) -> None:
    given = beliefs(inference.program, 3, seed=0)
    expected = asked(inference, given)
    with torch.no_grad():
        found = asked(copied(inference), given)
    assert all(torch.equal(a, b) for a, b in zip(expected, found, strict=True)), "seeds are the same"


@pytest.mark.parametrize("question", ["log_prob", "loss", "explain"])
def test_targets_that_are_none_are_refused(inference: SurrogateInference, question: str) -> None:
    ask, program = getattr(inference, question), inference.program
    given, m = beliefs(program, 2, seed=0), len(program.outputs)
    beyond = torch.full((2, m), -1)
    beyond[1, -1] = len(program.outputs[-1].domain)
    assert code(lambda: ask(given, beyond)) == "target-out-of-range"
    assert code(lambda: ask(given.numpy(), beyond.numpy())) == "target-out-of-range"
    assert code(lambda: ask(given, torch.full((2, m), -2))) == "target-out-of-range"
    assert code(lambda: ask(given, torch.full((3, m), -1))) == "wrong-shape"
    assert code(lambda: ask(given, torch.full((2, m + 1), -1))) == "wrong-shape"
    assert code(lambda: ask(given, torch.full((2,), -1))) == "wrong-shape"


@pytest.mark.parametrize("question", ["log_prob", "loss", "explain", "marginals", "predict"])
def test_beliefs_that_are_none_are_refused(inference: SurrogateInference, question: str) -> None:
    program = inference.program
    targets = torch.full((2, len(program.outputs)), -1)

    def ask(given: Tensor | np.ndarray) -> object:
        method = getattr(inference, question)
        return method(given) if question in ("marginals", "predict") else method(given, targets)

    for wrong in (torch.nan, torch.inf):
        given = beliefs(program, 2, seed=0)
        given[1, 0] = wrong
        assert code(lambda given=given: ask(given)) == "invalid-beliefs"  # type: ignore[misc]
        assert code(lambda given=given: ask(given.numpy())) == "invalid-beliefs"  # type: ignore[misc]
    assert code(lambda: ask(torch.zeros(2, program.width + 1))) == "wrong-shape"
    assert code(lambda: ask(torch.zeros(program.width))) == "wrong-shape"


@pytest.mark.parametrize(
    "options",
    [
        {"samples": 2.5},
        {"samples": "many"},
        {"first": True},
        {"first": None},
        {"hidden": float("nan")},
        {"learn_rate": "fast"},
        {"learn_rate": True},
        {"tolerance": float("nan")},
        {"tolerance": float("inf")},
        {"penalty": None},
        {"seed": -1},
        {"seed": 0.5},
        {"seed": "zero"},
        {"predict": None},
    ],
    ids=str,
)
def test_options_of_the_wrong_kind_are_refused(options: dict[str, object]) -> None:
    assert code(lambda: Surrogate(**options)) == "invalid-option"  # type: ignore[arg-type]


def shut(program: GroundProgram, *columns: int) -> Tensor:
    """(1, V): even beliefs, but for some columns that are impossible."""
    given = torch.zeros(1, program.width)
    given[0, list(columns)] = -torch.inf
    return given


@pytest.mark.parametrize("largest", [4096, 10], ids=["whole", "taken apart"])
def test_targets_that_beliefs_rule_out_are_impossible(largest: int) -> None:
    program = latin()
    inference = Surrogate(samples=16, first=2, patience=0, largest=largest).build(program)
    never_one = shut(program, *range(0, program.width, 3))
    with pytest.raises(nesy.NesyError, match="beliefs rule out every world of valid = ") as raised:
        inference.explain(never_one, torch.ones(1, 1, dtype=torch.int64))
    assert raised.value.code == "impossible-target"


@pytest.mark.parametrize("largest", [4096, 1], ids=["listed", "layers"])
def test_beliefs_that_rule_out_the_condition_are_told_as_such(largest: int) -> None:
    """Two neighbours that can both be nothing but 1; neither is any total then."""
    program = constrained()
    inference = Surrogate(samples=16, hidden=8, first=2, patience=0, largest=largest).build(program)
    given = shut(program, 1, 2, 4, 5)
    nothing = torch.full((1, 1), -1)
    questions: list[Callable[[], object]] = [
        lambda: inference.explain(given, nothing),
        lambda: inference.explain(given, torch.zeros(1, 1, dtype=torch.int64)),
        lambda: inference.predict(given),
        lambda: inference.log_prob(given, nothing),
        lambda: inference.loss(given, nothing),
        lambda: inference.marginals(given),
    ]
    assert {code(question) for question in questions} == {"condition-never-met"}


def test_targets_that_no_world_gives_are_named() -> None:
    program = constrained()
    lowest = torch.zeros(1, 1, dtype=torch.int64)
    (output,) = program.outputs
    with pytest.raises(
        nesy.NesyError, match=rf"no world gives {output.name}.* = {output.domain[0]}"
    ) as raised:
        BRIEF.build(program).explain(beliefs(program, 1, seed=0), lowest)
    assert raised.value.code == "impossible-target"


def test_numbers_that_are_double_by_default_change_nothing(inference: SurrogateInference) -> None:
    given = beliefs(inference.program, 3, seed=0)
    expected = asked(inference, given)
    try:
        torch.set_default_dtype(torch.float64)
        found = asked(copy.copy(inference), given)
        given = given.clone().requires_grad_()
        inference.loss(given, torch.full((3, len(inference.program.outputs)), -1)).backward()
    finally:
        torch.set_default_dtype(torch.float32)
    for one, other in zip(expected, found, strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)


def test_gradients_can_be_taken_by_functions_of_torch() -> None:
    """Nothing is learnt from what torch follows."""
    inference = BRIEF.build(sums(2))
    inference.warm_up(seconds=np.inf)
    given, targets = beliefs(sums(2), 2, seed=0), torch.tensor([[0, 0, 0], [1, 1, 0]])
    found = torch.func.grad(lambda b: inference.log_prob(b, targets).sum())(given)
    followed = given.clone().requires_grad_()
    steps = inference.convergence.steps
    (expected,) = torch.autograd.grad(inference.log_prob(followed, targets).sum(), followed)
    assert found.shape == expected.shape
    assert steps != inference.convergence.steps
    assert torch.isfinite(found).all()
