"""Evidence that changes from example to example, against joint tables worked out by hand."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import nesy
from nesy import Model
from tests.unit.nn.programs import ADDITION, Given, addition, mistake, one, scores

RULES = ADDITION + "even(X) :- digit(X, D), 0 =:= D mod 2.\n"
A, B = scores(4, 10, seed=1), scores(4, 10, seed=2)


def asked(**options: object) -> Model:
    return Model(
        nesy.parse(RULES, "rules.nesy"),
        {"digit_net": nesy.logits(Given())},
        "addition(a, b, S)",
        "S",
        evidence={"digit(a, D)": "D", "even(b)": None},
        **options,  # type: ignore[arg-type]
    )


def table(first: list[int], even: list[int]) -> Tensor:
    """(B, 19): P(sum, evidence), by going through all pairs of digits."""
    p, q = A.softmax(1), B.softmax(1)
    found = torch.zeros(4, 19, dtype=torch.float64)
    for row in range(4):
        for x in range(10):
            for y in range(10):
                if first[row] in (-1, x) and even[row] in (-1, int(y % 2 == 0)):
                    found[row, x + y] += p[row, x] * q[row, y]
    return found


FIRST, EVEN = [3, -1, 7, -1], [1, 0, -1, -1]


def test_what_may_be_observed_is_listed_apart_from_what_is_asked() -> None:
    model = asked()
    assert [o.name for o in model.outputs] == ["addition(a,b)"]
    assert [(o.name, len(o.domain)) for o in model.observable] == [("digit(a)", 10), ("even(b)", 2)]


@pytest.mark.parametrize("form", ["columns", "names"])
def test_each_example_is_conditioned_on_its_own(form: str) -> None:
    joint = table(FIRST, EVEN)
    expected = joint / joint.sum(dim=1, keepdim=True)
    columns = {"digit(a)": torch.tensor(FIRST), "even(b)": torch.tensor(EVEN)}
    evidence = columns if form == "names" else torch.stack(list(columns.values()), dim=1)
    model = asked()
    found = one(model(evidence=evidence, a=A, b=B))
    torch.testing.assert_close(found.exp(), expected)
    targets = torch.tensor([5, 9, 7, 0])
    wanted = expected[torch.arange(4), targets].log()
    torch.testing.assert_close(model.log_prob(targets, evidence=evidence, a=A, b=B), wanted)
    torch.testing.assert_close(model.loss(targets, evidence=evidence, a=A, b=B), -wanted.mean())
    guess = model.predict(evidence=evidence, a=A, b=B)
    assert guess.tolist() == expected.argmax(1, keepdim=True).tolist()


def test_a_name_left_out_is_not_observed() -> None:
    expected = table(FIRST, [-1] * 4)
    found = one(asked()(evidence={"digit(a)": torch.tensor(FIRST)}, a=A, b=B))
    torch.testing.assert_close(found.exp(), expected / expected.sum(1, keepdim=True))


def test_without_evidence_all_is_as_in_a_model_that_takes_none() -> None:
    plain, model = addition(nesy.logits(Given())), asked()
    torch.testing.assert_close(one(model(a=A, b=B)), one(plain(a=A, b=B)))
    targets = torch.tensor([5, -1, 7, 0])
    torch.testing.assert_close(model.log_prob(targets, a=A, b=B), plain.log_prob(targets, a=A, b=B))
    torch.testing.assert_close(model.loss(targets, a=A, b=B), plain.loss(targets, a=A, b=B))
    assert torch.equal(model.predict(a=A, b=B), plain.predict(a=A, b=B))


def test_gradients_given_evidence() -> None:
    model, evidence = asked(), torch.tensor([[3, 1], [-1, 0], [7, -1], [-1, -1]])

    def loss(a: Tensor, b: Tensor) -> Tensor:
        return model.loss(torch.tensor([5, 9, 7, 0]), evidence=evidence, a=a, b=b)

    def marginals(a: Tensor, b: Tensor) -> Tensor:
        return one(model(evidence=evidence, a=a, b=b))[:, 9]

    inputs = (A.clone().requires_grad_(), B.clone().requires_grad_())
    assert torch.autograd.gradcheck(loss, inputs)
    inputs = (A[1:2].clone().requires_grad_(), B[1:2].clone().requires_grad_())
    evidence = evidence[1:2]
    assert torch.autograd.gradcheck(marginals, inputs)


def test_evidence_and_constraints_of_the_rules_hold_as_well() -> None:
    rules = RULES + ":- digit(a, 3).\n"
    networks = {"digit_net": nesy.logits(Given())}
    model = Model(nesy.parse(rules), networks, "addition(a, b, S)", "S", evidence=["even(b)"])
    found = one(model(evidence=torch.tensor([[1]] * 4), a=A, b=B)).exp()
    joint = sum((table([x] * 4, [1] * 4) for x in range(10) if x != 3), torch.zeros(4, 19).double())
    torch.testing.assert_close(found, joint / joint.sum(1, keepdim=True))


def test_evidence_that_nobody_declared() -> None:
    model = addition(nesy.logits(Given()))
    for call in (model, model.predict, lambda **k: model.loss(torch.zeros(4).long(), **k)):
        with mistake("undeclared-evidence", "made without any", hint="Model(..., evidence="):
            call(evidence=torch.zeros(4, 1).long(), a=A, b=B)


def test_evidence_of_another_name_or_shape() -> None:
    with mistake("unknown-evidence", "called digit(c)", hint="digit(a), even(b)"):
        asked()(evidence={"digit(c)": torch.zeros(4).long()}, a=A, b=B)
    with mistake("wrong-shape", "the evidence even(b) is (3,)", hint="-1 where there is none"):
        asked()(evidence={"even(b)": torch.zeros(3).long()}, a=A, b=B)
    with mistake("target-out-of-range", "example 2 for even(b) is 5", hint="false, true"):
        asked()(evidence={"even(b)": torch.tensor([0, 1, 5, 0])}, a=A, b=B)


def test_evidence_of_probability_zero_names_the_example() -> None:
    certain = torch.zeros(4, 10).double()
    certain[:, 3] = 1
    model = Model(
        nesy.parse(RULES), {"digit_net": Given()}, "addition(a, b, S)", "S", evidence={"digit(a, D)": "D"}
    )
    with mistake("impossible-observation", "example 2", hint="-1"):
        model(evidence=torch.tensor([[3], [3], [4], [-1]]), a=certain, b=certain)


def test_what_cannot_be_conditioned_says_so() -> None:
    with mistake_of_engine("'sat' cannot do this: conditioning"):
        asked(engine="sat")
    with mistake_of_engine("degrees of truth (godel) cannot be conditioned"):
        asked(semantics="godel")


def mistake_of_engine(part: str):  # type: ignore[no-untyped-def]
    return mistake("unsupported-task", part, hint="use")


def test_an_input_called_evidence() -> None:
    with mistake("reserved-input", "input evidence", hint="another name"):
        Model(nesy.parse(RULES), {"digit_net": Given()}, "digit(evidence, D)", "D")
