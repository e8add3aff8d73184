"""What is chosen where circuits do not fit, and that the answers are those of what was chosen."""

from __future__ import annotations

import copy
import pickle
from random import Random

import numpy as np
import pytest
import torch

import nesy
from nesy.engines.auto import Auto
from nesy.engines.diffusion import Diffusion
from nesy.engines.exact import Exact
from nesy.engines.inference import Engine, Guarantee, Inference
from nesy.engines.sampling import Sampling
from nesy.engines.sampling.engine import SamplingInference
from nesy.engines.solve import prior_beliefs
from nesy.errors import EngineError
from nesy.grounding import ground
from nesy.logic.program import GroundProgram
from tests.unit.engines import problems
from tests.unit.engines.problems import random_program

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


def shared(approximate: Engine | None = None) -> nesy.Model:
    """Two outputs of the same two digits, whose joint relation does not fit into a byte."""
    rules = nesy.parse(
        "nn(net,[X],D,0..2)::digit(X,D).\n"
        "both(X,Y,0,S) :- digit(X,A), digit(Y,B), S is (A+B) mod 3.\n"
        "both(X,Y,1,S) :- digit(X,A), digit(Y,B), S is A*B.\n"
    )
    torch.manual_seed(0)
    engine = Auto(memory=1, approximate=approximate)
    networks = {"net": nesy.logits(torch.nn.Linear(2, 3))}
    return nesy.Model(rules, networks, "both(a,b,I,S)", "S", engine=engine)


INPUTS = {"a": torch.eye(2), "b": torch.ones(2, 2)}
TARGETS = torch.tensor([[2, 1], [0, 2]])


def test_networks_of_the_engine_of_what_does_not_fit_are_the_models() -> None:
    model = shared(Diffusion(samples=64, candidates=16, seed=2))
    assert [c.likelihood for c in model.plan().choices] == ["diffusion"]
    mine = {name: p for name, p in model.named_parameters() if name.startswith("engine_networks.")}
    assert "engine_networks.0.answer" in mine
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        optimiser = torch.optim.Adam(twin.parameters(), lr=0.1)
        before = mine["engine_networks.0.answer"].clone()
        for _ in range(3):
            optimiser.zero_grad()
            twin.loss(TARGETS, **INPUTS).backward()
            optimiser.step()
        learnt = dict(twin.named_parameters())["engine_networks.0.answer"]
        assert not torch.equal(learnt, before)
        assert torch.equal(mine["engine_networks.0.answer"], before)
        loaded = shared(Diffusion(samples=64, candidates=16, seed=2))
        loaded.load_state_dict(twin.state_dict())
        twin.inference.set_random_state({})
        assert loaded.loss(TARGETS, **INPUTS).item() == twin.loss(TARGETS, **INPUTS).item()


def test_symbols_are_what_the_engines_of_their_parts_say() -> None:
    program = ground(nesy.parse(MIXED))
    beliefs = prior_beliefs(program)
    plain = Auto(memory=TIGHT, approximate=Sampling()).prepare(program)
    assert plain.symbol_marginals(beliefs) is beliefs


@pytest.mark.parametrize("engine", [Exact(), Sampling(samples=64), "sat"], ids=str)
def test_engines_without_networks_of_their_own_add_none(engine: Engine | str) -> None:
    program = ground(nesy.parse(MIXED))
    assert Auto(memory=TIGHT, approximate=engine).prepare(program).networks is None


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"memory": 0}, "invalid-option"),
        ({"memory": 1.5}, "invalid-option"),
        ({"memory": "512"}, "invalid-option"),
        ({"approximate": 3}, "invalid-option"),
        ({"approximate": Sampling}, "invalid-option"),
        ({"approximate": "auto"}, "invalid-option"),
        ({"approximate": Auto()}, "invalid-option"),
        ({"approximate": "smapling"}, "unknown-engine"),
    ],
    ids=str,
)
def test_options_are_checked(options: dict[str, object], code: str) -> None:
    with pytest.raises(EngineError) as refusal:
        Auto(**options)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert refusal.value.hint


@pytest.mark.parametrize("seed", range(20))
def test_where_it_chooses_exact_answers_are_the_exact_ones(seed: int) -> None:
    program = random_program(seed)
    rows = problems.beliefs(program, 4, seed, sharpness=2.0)
    rows[0, : len(program.symbols[0].values)] = [0.0, *[-np.inf] * (len(program.symbols[0].values) - 1)]
    truth, wide, tight = (e.prepare(program) for e in (Exact(), Auto(), Auto(memory=1)))
    assert {c.likelihood for c in wide.plan.choices} == {"exact"}
    targets = np.array([[0, 1, 2], [-1, 0, -1], [-1, -1, -1], [1, -1, 0]])
    for found in (wide, tight):
        exact = [c for c in found.plan.choices if c.marginals == "exact"]
        names = {name for c in exact for name in c.outputs}
        pairs = zip(program.outputs, found.marginals(rows), truth.marginals(rows), strict=True)
        for output, one, other in pairs:
            if output.name in names:
                np.testing.assert_allclose(one.log_probs, other.log_probs, atol=1e-12)
        if all(c.likelihood == "exact" for c in found.plan.choices):
            wanted = truth.log_prob(rows, targets)
            np.testing.assert_allclose(found.log_prob(rows, targets), wanted, atol=1e-12)
