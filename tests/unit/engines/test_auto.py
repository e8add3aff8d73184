"""What is chosen where circuits do not fit, and that the answers are those of what was chosen."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
import torch

import nesy
from nesy.engines.auto import Auto
from nesy.engines.exact import Exact
from nesy.engines.inference import Guarantee, Inference
from nesy.engines.sampling import Sampling
from nesy.engines.sampling.engine import SamplingInference
from nesy.engines.solve import prior_beliefs
from nesy.grounding import ground
from nesy.logic.program import GroundProgram

TIGHT = 1 << 16
"""Bytes in which paths of the graph below do not compile; everything small does."""


def tangled(nodes: int = 9) -> str:
    rng = Random(0)
    pairs = [(a, b) for a in range(nodes) for b in range(nodes) if a != b and rng.random() < 0.5]
    edges = "".join(f"0.5::e({a}, {b}).\n" for a, b in pairs)
    return edges + f"p(X, Y) :- e(X, Y).\np(X, Y) :- e(X, Z), p(Z, Y).\nquery(p(0, {nodes - 1})).\n"


EASY = "0.3::a. 0.4::b. q :- a. q :- b. query(q). 0.2::c. 0.5::d. :- c, d. query(c).\n"
MIXED = EASY + tangled()


@pytest.fixture(scope="module")
def program() -> GroundProgram:
    return ground(nesy.parse(MIXED))


@pytest.fixture(scope="module")
def tight(program: GroundProgram) -> Inference:
    return Auto(memory=TIGHT, approximate=Sampling(samples=4096, seed=1)).prepare(program)


@pytest.fixture(scope="module")
def exact(program: GroundProgram) -> Inference:
    return Exact().prepare(program)


def test_only_what_does_not_fit_is_estimated(tight: Inference) -> None:
    found = [(c.outputs, c.marginals, c.likelihood) for c in tight.plan.choices]
    assert found == [
        (("q",), "exact", "exact"),
        (("c",), "exact", "exact"),
        (("p(0,8)",), "sampling", "sampling"),
    ]
    assert tight.guarantee is Guarantee.ESTIMATE


def test_each_answer_says_what_it_is_worth(
    program: GroundProgram, tight: Inference, exact: Inference
) -> None:
    beliefs = prior_beliefs(program)
    found, truth = tight.marginals(beliefs), exact.marginals(beliefs)
    assert [m.guarantee for m in found] == [Guarantee.EXACT, Guarantee.EXACT, Guarantee.ESTIMATE]
    for one, other in zip(found[:2], truth[:2], strict=True):
        np.testing.assert_allclose(one.log_probs, other.log_probs, atol=1e-12)
    np.testing.assert_allclose(np.exp(found[2].log_probs), np.exp(truth[2].log_probs), atol=0.05)


def test_solutions_carry_the_guarantee_of_each_query() -> None:
    solution = nesy.solve(nesy.parse(MIXED), engine=Auto(memory=TIGHT))
    assert solution["q"].guarantee is Guarantee.EXACT
    assert solution["q"].probability == pytest.approx(0.58)
    assert solution["c"].probability == pytest.approx(1 / 9)
    assert solution["p(0,8)"].guarantee is Guarantee.ESTIMATE
    assert solution["p(0,8)"].standard_error is not None


def test_likelihoods_multiply_and_losses_add_up(
    program: GroundProgram, tight: Inference, exact: Inference
) -> None:
    beliefs = prior_beliefs(program)
    for row in ([1, 0, -1], [0, 1, -1], [1, -1, 1]):
        targets = np.array([row])
        found, truth = tight.log_prob(beliefs, targets), exact.log_prob(beliefs, targets)
        np.testing.assert_allclose(found, truth, atol=0.1 if row[2] >= 0 else 1e-12)
    assert tight.predict(beliefs).tolist() == exact.predict(beliefs).tolist()


def test_gradients_reach_the_beliefs_of_every_part(program: GroundProgram, tight: Inference) -> None:
    beliefs = torch.tensor(prior_beliefs(program), requires_grad=True)
    loss = tight.loss(beliefs, torch.tensor([[1, 1, 1]]))
    assert loss.shape == ()
    loss.backward()
    assert beliefs.grad is not None
    assert (beliefs.grad != 0).sum() > 10
    assert torch.isfinite(beliefs.grad).all()


def test_where_conditions_are_left_worlds_are_searched_for() -> None:
    text = tangled() + ":- p(0, 3), p(3, 5).\n"
    plan = Auto(memory=TIGHT).prepare(ground(nesy.parse(text))).plan
    assert [c.likelihood for c in plan.choices] == ["sat"]


def test_what_is_asked_for_is_taken() -> None:
    inference = Auto(memory=TIGHT, approximate="sat").prepare(ground(nesy.parse(MIXED)))
    assert [c.likelihood for c in inference.plan.choices] == ["exact", "exact", "sat"]
    assert inference.guarantee is Guarantee.LOWER_BOUND


def test_a_plan_is_a_table(tight: Inference) -> None:
    lines = str(tight.plan).splitlines()
    assert lines[0].split() == ["outputs", "symbols", "marginals", "likelihood", "because"]
    assert lines[1].startswith("q ")
    assert "circuits exceed 65,536 bytes" in lines[3]


def test_every_model_has_a_plan() -> None:
    rules = nesy.parse("nn(net,[X],D,[0,1])::bit(X,D). s(S) :- bit(a,A), bit(b,B), S is A+B.")
    net = nesy.logits(torch.nn.Linear(2, 2))
    for engine in ("auto", "exact", "sat"):
        model = nesy.Model(rules, {"net": net}, "s(S)", "S", engine=engine)
        (choice,) = model.plan().choices
        assert choice.outputs == (model.outputs[0].name,)
        assert choice.likelihood == ("exact" if engine == "auto" else engine)
    fuzzy = nesy.Model(rules, {"net": net}, "s(S)", "S", semantics="godel")
    assert "degrees of truth" in str(fuzzy.plan())


def test_a_program_of_one_part_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[GroundProgram] = []
    build = Exact.build

    def counted(self: Exact, program: GroundProgram) -> Inference:
        tried.append(program)
        return build(self, program)

    monkeypatch.setattr(Exact, "build", counted)
    one = Auto(memory=TIGHT).prepare(ground(nesy.parse(tangled())))
    assert [choice.likelihood for choice in one.plan.choices] == ["sampling"]
    assert len(tried) == 1


def test_every_part_is_warmed_up(program: GroundProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    warmed: list[Inference] = []

    def warm_up(self: SamplingInference) -> None:
        warmed.append(self)

    monkeypatch.setattr(SamplingInference, "warm_up", warm_up)
    Auto(memory=TIGHT, approximate="sampling").prepare(program).warm_up()
    assert len(warmed) == 1
