"""Why a model gives an example a value: proofs, beliefs, second thoughts, and the picture."""

from __future__ import annotations

import copy
import pickle
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

import nesy
from nesy import NesyError
from nesy.nn.explained_picture import as_image, tree_rows
from tests.unit.nn.programs import ADDITION, CARRY, DIGIT, Given, addition, mistake, model, one


def sure(*digits: int, of: float = 0.8) -> torch.Tensor:
    """(B, 10) logits of networks that are fairly sure."""
    rows = torch.full((len(digits), 10), (1 - of) / 9)
    rows[range(len(digits)), list(digits)] = of
    return rows.log()


A, B = sure(1, 3), sure(2, 8)


def test_the_predicted_value_is_explained() -> None:
    asked = addition(nesy.logits(Given()))
    found = asked.explain({"a": A, "b": B}, 1, proofs=1)
    assert (found.output, found.value) == ("addition(a,b)", 11)
    assert found.why.probability == pytest.approx(float(one(asked(a=A, b=B))[1, 11].exp()), abs=1e-6)
    (proof,) = found.why.proofs
    assert [s.text for s in proof.steps] == [
        "addition(a,b,11) :- digit(a,3), digit(b,8), 11 is 3+8.",
        "nn(digit_net, [a]) :: digit(a,3).",
        "nn(digit_net, [b]) :: digit(b,8).",
    ]
    assert proof.steps[1].probability == pytest.approx(0.8)
    assert [(b.symbol, b.used) for b in found.beliefs] == [("digit(a,_)", (3,)), ("digit(b,_)", (8,))]
    assert found.beliefs[0].probabilities[3] == pytest.approx(0.8)
    assert torch.equal(found.beliefs[1].images["b"], B[1])
    assert "digit(b,_) = 8" in str(found)


def test_second_thoughts_that_would_change_the_answer() -> None:
    a = sure(3)
    a[0, 5] = torch.tensor(0.3).log()
    a = a.log_softmax(1)
    found = addition(nesy.logits(Given())).explain({"a": a, "b": sure(4)})
    first = found.otherwise[0]
    assert (first.symbol, first.now, first.value, first.answer) == ("digit(a,_)", "3", "5", 9)
    assert first.belief == pytest.approx(float(a[0, 5].exp()))
    assert "digit(a,_) = 5" in str(found).splitlines()[-2]


def test_any_value_of_any_output() -> None:
    asked = model(CARRY, {"digit_net": nesy.logits(Given())}, "sum(2, I, S)", "S")
    a, b = torch.stack([sure(1, 9)]), torch.stack([sure(2, 3)])
    outputs = [o.name for o in asked.outputs]
    for name, output in zip(outputs, asked(a=a, b=b), strict=True):
        for place, value in [*enumerate(asked.outputs[outputs.index(name)].domain)][:4]:
            found = asked.explain({"a": a, "b": b}, output=name, value=value, proofs=1)
            assert found.why.probability == pytest.approx(float(output[0, place].exp()), abs=1e-6)
            assert found.why.proofs[0].steps
    last = asked.explain({"a": a, "b": b}, output=outputs[2])
    assert last.value == 1
    assert len(last.why.proofs[0].facts) == 4


def test_what_was_learned_is_what_is_told() -> None:
    rules = DIGIT + "t(0.2)::works. q(X) :- digit(X, 1), works."
    asked = nesy.Model(nesy.parse(rules), {"digit_net": nesy.logits(Given())}, "q(x)")
    with torch.no_grad():
        next(iter(asked.learned.parameters())).zero_()
    found = asked.explain({"x": A}, 0, value="true")
    works = next(f for f in found.why.proofs[0].facts if f.name == "works")
    assert works.probability == pytest.approx(0.5)
    assert "0.5::works." in str(found)
    denied = asked.explain({"x": A}, 1, value="false")
    assert denied.why.proofs[0].facts[0].name == "digit(x,_) is not 1"


def test_copies_explain_too() -> None:
    asked = addition(nesy.logits(Given()), "sat")
    asked.explain({"a": A, "b": B})
    for twin in (copy.deepcopy(asked), pickle.loads(pickle.dumps(asked))):
        assert twin.explain({"a": A, "b": B}).why == asked.explain({"a": A, "b": B}).why


def test_the_picture(tmp_path: Path) -> None:
    asked = nesy.Model(
        nesy.parse(ADDITION),
        {"digit_net": nesy.logits(nn.Sequential(nn.Flatten(), nn.Linear(64, 10)))},
        "addition(a, b, S)",
        "S",
    )
    found = asked.explain({"a": torch.rand(3, 1, 8, 8), "b": torch.rand(3, 1, 8, 8)}, 2)
    figure = found.figure()
    images, bars = figure.axes[0:4:2], figure.axes[1:4:2]
    assert [axes.get_title() for axes in images] == [b.symbol for b in found.beliefs]
    assert all(axes.images[0].get_array().shape == (8, 8) for axes in images)
    for axes, belief in zip(bars, found.beliefs, strict=True):
        assert [patch.get_height() for patch in axes.patches] == pytest.approx(belief.probabilities.tolist())
    shown = [text.get_text() for text in figure.axes[-1].texts]
    assert shown[1:] == [text for _, text in tree_rows(found.why.proofs[0])]
    for name, begins in (("e.png", b"\x89PNG"), ("e.svg", b"<?xml"), ("e.pdf", b"%PDF")):
        found.picture(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(begins)
    with pytest.raises(NesyError, match="unknown-format"):
        found.picture(tmp_path / "e.xyz")
    assert not (tmp_path / "e.xyz").exists()


def test_what_looks_like_an_image() -> None:
    assert as_image(torch.rand(28, 28)).shape == (28, 28)
    assert as_image(torch.rand(1, 28, 28)).shape == (28, 28)
    assert as_image(torch.rand(3, 28, 20)).shape == (28, 20, 3)
    assert as_image(torch.rand(10)) is None
    assert as_image(torch.rand(5, 28, 28)) is None
    assert as_image(torch.rand(2, 2)) is None


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(NesyError, match="missing-package"):
        addition(nesy.logits(Given())).explain({"a": A, "b": B}).figure()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"index": 2}, "wrong-index"),
        ({"output": "addition(a,c)"}, "unknown-output"),
        ({"value": 19}, "unknown-value"),
        ({"proofs": 0}, "invalid-count"),
    ],
)
def test_mistakes(arguments: dict[str, object], code: str) -> None:
    with pytest.raises(NesyError) as mistake:
        addition(nesy.logits(Given())).explain({"a": A, "b": B}, **arguments)  # type: ignore[arg-type]
    assert mistake.value.code == code


def test_a_batch_of_inputs_for_different_numbers_of_examples() -> None:
    with mistake("wrong-shape", "a has 2, b has 1", hint="item i of every input"):
        addition(nesy.logits(Given())).explain({"a": A, "b": B[:1]}, -1)


def test_degrees_of_truth_have_no_proofs_to_weigh() -> None:
    asked = nesy.Model(
        nesy.parse(ADDITION), {"digit_net": nesy.logits(Given())}, "addition(a,b,S)", "S", semantics="godel"
    )
    with pytest.raises(NesyError, match="unsupported-task"):
        asked.explain({"a": A, "b": B})


@nesy.foreign("+int", "-int")
def double(number: int) -> int:
    return 2 * number


def test_functions_do_not_travel_with_a_pickled_model() -> None:
    rules = DIGIT + "twice(X, T) :- digit(X, D), double(D, T)."
    asked = nesy.Model(
        nesy.parse(rules, foreign=[double]), {"digit_net": nesy.logits(Given())}, "twice(x, T)", "T"
    )
    assert asked.explain({"x": A}).value == 2
    assert copy.deepcopy(asked).explain({"x": A}).value == 2
    with pytest.raises(NesyError, match="no-rules"):
        pickle.loads(pickle.dumps(asked)).explain({"x": A})
