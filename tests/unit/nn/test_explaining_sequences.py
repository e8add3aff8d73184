"""Why an example of a batch of lists has a value: against a model made for its length."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping

import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy import Model, SequenceModel
from nesy.nn.explaining import ModelExplanation
from tests.unit.nn.programs import CARRY, DIGIT, Given, mistake, scores

TOTAL = DIGIT + "total([], 0).\ntotal([X|Xs], S) :- digit(X, D), total(Xs, R), S is D + R.\n"
LENGTHS = [2, 0, 3, 1, 3]
ITEMS = [3 * scores(n, 10, seed=i) for i, n in enumerate(LENGTHS)]


def totals(rules: str = TOTAL, network: nn.Module | None = None, **options: object) -> SequenceModel:
    return SequenceModel(
        nesy.parse(rules, "rules.nesy"),
        {"digit_net": nesy.logits(network or Given())},
        "total(Images, S)",
        "S",
        lists={"Images": "images"},
        **options,  # type: ignore[arg-type]
    )


def of_one_length(length: int, rules: str = TOTAL) -> Model:
    images = ", ".join(f"images({i})" for i in range(length))
    networks = {"digit_net": nesy.logits(Given())}
    return Model(nesy.parse(rules, "rules.nesy"), networks, f"total([{images}], S)", "S")


def told(found: ModelExplanation) -> tuple[object, ...]:
    beliefs = [(b.symbol, b.values, b.probabilities.tolist(), b.used) for b in found.beliefs]
    return found.output, found.value, found.why, beliefs, found.otherwise


@pytest.mark.parametrize("index", [0, 2, 3, 4])
def test_the_same_is_told_as_by_a_model_for_the_length(index: int) -> None:
    items = ITEMS[index]
    found = totals().explain({"images": ITEMS}, index)
    expected = of_one_length(len(items)).explain({"images": items.unsqueeze(0)})
    assert told(found) == told(expected)
    for place, belief in enumerate(sorted(found.beliefs, key=lambda b: b.symbol)):
        assert torch.equal(belief.images[f"images({place})"], items[place])


def test_the_predicted_value_of_each_example() -> None:
    model = totals()
    predicted, answers = model.predict(images=ITEMS), model(images=ITEMS)
    for index, (value,) in enumerate(predicted):
        found = model.explain({"images": ITEMS}, index, proofs=1)
        place = model.outputs(LENGTHS[index])[0].domain.index(value)
        assert found.value == value
        assert found.why.probability == pytest.approx(float(answers[index][0][place].exp()))
        assert len(found.beliefs) == LENGTHS[index]
        assert told(model.explain({"images": ITEMS}, index - len(ITEMS), proofs=1)) == told(found)


def test_any_value_and_its_proof_in_the_words_of_the_rules() -> None:
    found = totals().explain({"images": ITEMS}, 0, output="total([images(0),images(1)])", value=18, proofs=2)
    assert found.why.exhaustive
    (proof,) = found.why.proofs
    assert [fact.name for fact in proof.facts] == ["digit(images(0),_) = 9", "digit(images(1),_) = 9"]
    chances = ITEMS[0].softmax(1)[:, 9]
    assert proof.probability == pytest.approx(float(chances.prod()))
    assert [step.text for step in proof.steps][:2] == [
        "total([images(0),images(1)],18) :- digit(images(0),9), total([images(1)],9), 18 is 9+9.",
        "nn(digit_net, [images(0)]) :: digit(images(0),9).",
    ]


def test_an_empty_list_rests_on_no_belief() -> None:
    found = totals().explain({"images": ITEMS}, 1)
    assert (found.value, found.why.probability, found.beliefs, found.otherwise) == (0, 1.0, (), ())
    assert [step.text for step in found.why.proofs[0].steps] == ["total([],0)."]


def test_lengths_and_tensors_beside_sequences() -> None:
    networks = {"digit_net": nesy.logits(Given())}
    model = SequenceModel(nesy.parse(CARRY), networks, "sum(N, I, S)", "S", lengths={"N": "a"})
    fixed = Model(nesy.parse(CARRY), networks, "sum(2, I, S)", "S")
    a, b = scores(3, 2, 10, seed=1), scores(3, 2, 10, seed=2)
    for output in ("sum(2,0)", "sum(2,2)"):
        found = model.explain({"a": list(a), "b": b}, 1, output=output)
        assert told(found) == told(fixed.explain({"a": a, "b": b}, 1, output=output))


def test_one_example_goes_through_the_networks_once() -> None:
    network = Given()
    model = totals(network=network)
    for value in (None, 3):
        network.calls.clear()
        model.explain({"images": ITEMS}, 2, value=value)
        assert network.calls == [(3, 10)]


def test_rules_are_ground_once_for_each_combination_of_lengths(monkeypatch: pytest.MonkeyPatch) -> None:
    ground, made = nesy.nn.explaining.ground_recorded, []
    monkeypatch.setattr(
        nesy.nn.explaining,
        "ground_recorded",
        lambda program, template, budget: made.append(template) or ground(program, template, budget=budget),
    )
    model = totals()
    for index in (2, 4, 3, 2):
        model.explain({"images": ITEMS}, index)
    assert len(made) == 2


def test_what_was_learned_is_told_for_every_length() -> None:
    rules = TOTAL + "t(0.2) :: works.\nsure(Xs, S) :- works, total(Xs, S).\n"
    model = SequenceModel(
        nesy.parse(rules),
        {"digit_net": nesy.logits(Given())},
        "sure(Images, S)",
        "S",
        lists={"Images": "images"},
        prepare=range(4),
    )
    with torch.no_grad():
        next(iter(model.learned.parameters())).zero_()
    for index in range(len(ITEMS)):
        (proof, *_) = model.explain({"images": ITEMS}, index, value=LENGTHS[index]).why.proofs
        works = next(fact for fact in proof.facts if fact.name == "works")
        assert works.probability == pytest.approx(0.5)


@pytest.mark.parametrize("engine", ["sampling", "sat", "topk"])
def test_every_engine_is_explained_exactly(engine: str) -> None:
    exact = totals().explain({"images": ITEMS}, 0, value=7)
    assert totals(engine=engine).explain({"images": ITEMS}, 0, value=7).why == exact.why


def test_copies_explain_too() -> None:
    model = totals()
    expected = told(model.explain({"images": ITEMS}, 2))
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert told(twin.explain({"images": ITEMS}, 2)) == expected


@pytest.mark.parametrize(
    ("inputs", "options", "code", "said"),
    [
        ({"images": ITEMS}, {"index": 5}, "wrong-index", "the input images has 5 examples"),
        ({"images": ITEMS}, {"index": -6}, "wrong-index", "number -6"),
        ({"images": ITEMS}, {"output": "total([])"}, "unknown-output", "total([])"),
        ({"images": ITEMS}, {"value": 19}, "unknown-value", "19"),
        ({"images": ITEMS}, {"proofs": 0}, "invalid-count", "0"),
        ({"images": ITEMS, "b": ITEMS[1:]}, {}, "wrong-shape", "images has 5, b has 4"),
        ({"images": ITEMS, "b": ITEMS}, {}, "unexpected-input", "takes the input b"),
        ({"images": scores(3, 2, 10)}, {}, "missing-sequence", "images is a tensor"),
        ({}, {}, "missing-sequence", "images is not given"),
    ],
)
def test_mistakes(
    inputs: Mapping[str, Tensor | list[Tensor]], options: dict[str, object], code: str, said: str
) -> None:
    with mistake(code, said):
        totals().explain(inputs, **options)  # type: ignore[arg-type]


def test_degrees_of_truth_have_no_proofs_to_weigh() -> None:
    with mistake("unsupported-task", "degrees of truth (godel)"):
        totals(semantics="godel").explain({"images": ITEMS})
