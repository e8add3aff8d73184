"""Lists whose length differs from example to example: against models made for one length."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy import Model, Objective, SequenceModel
from tests.unit.nn.programs import CARRY, DIGIT, Given, mistake, one, scores

TOTAL = DIGIT + "total([], 0).\ntotal([X|Xs], S) :- digit(X, D), total(Xs, R), S is D + R.\n"
LENGTHS = [2, 0, 3, 1, 3, 2]
ITEMS = [scores(n, 10, seed=i) for i, n in enumerate(LENGTHS)]


def totals(network: nn.Module | None = None, rules: str = TOTAL, **options: object) -> SequenceModel:
    networks = {"digit_net": nesy.logits(network or Given())}
    return SequenceModel(
        nesy.parse(rules, "rules.nesy"),
        networks,
        "total(Images, S)",
        "S",
        lists={"Images": "images"},
        **options,  # type: ignore[arg-type]
    )


def distribution(items: Tensor) -> Tensor:
    """Of the sum of digits, one convolution after the other."""
    found = torch.ones(1, dtype=torch.float64)
    for p in items.softmax(1):
        longer = torch.zeros(len(found) + 9, dtype=torch.float64)
        for d in range(10):
            longer[d : d + len(found)] += p[d] * found
        found = longer
    return found


def test_each_example_has_the_distribution_of_its_own_list() -> None:
    for found, items in zip(totals()(images=ITEMS), ITEMS, strict=True):
        torch.testing.assert_close(found[0].exp().double(), distribution(items))


def test_targets_are_values() -> None:
    model, targets = totals(), [5, 0, 20, 9, None, 11]
    expected = [
        torch.zeros(()).double() if t is None else distribution(x)[t].log()
        for t, x in zip(targets, ITEMS, strict=True)
    ]
    torch.testing.assert_close(model.log_prob(targets, images=ITEMS), torch.stack(expected))
    torch.testing.assert_close(model.loss(targets, images=ITEMS), -torch.stack(expected).mean())
    whole = torch.tensor([5, 0, 20, 9, 0, 11])
    assert torch.equal(model.log_prob(whole, images=ITEMS), model.log_prob(whole.tolist(), images=ITEMS))
    guess = [int(distribution(x).argmax()) for x in ITEMS]
    assert model.predict(images=ITEMS) == [[g] for g in guess]


def test_all_items_go_through_the_network_in_one_call() -> None:
    given = Given()
    totals(given).loss([0] * 6, images=ITEMS)
    assert given.calls == [(sum(LENGTHS), 10)]


def test_a_structure_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    ready = SequenceModel._prepared
    monkeypatch.setattr(SequenceModel, "_prepared", lambda self, key: made.append(key) or ready(self, key))
    model = totals(prepare=[1])
    assert made == [(1,)]
    for _ in range(2):
        model.loss([0] * 6, images=ITEMS)
    assert sorted(made) == [(0,), (1,), (2,), (3,)]


def test_outputs_of_each_length() -> None:
    model = totals()
    assert [len(model.outputs(n)[0].domain) for n in range(3)] == [1, 10, 19]
    assert model.outputs(2)[0].name == "total([images(0),images(1)])"
    assert model.outputs({"images": 2}) == model.outputs(2)


def test_gradients_reach_every_item() -> None:
    items = [x.clone().requires_grad_() for x in ITEMS if len(x)]
    targets = [5, 20, 9, 0, 11]
    model = totals()

    def loss(*given: Tensor) -> Tensor:
        return model.loss(targets, images=list(given))

    assert torch.autograd.gradcheck(loss, items)


def test_two_sequences_a_length_and_a_tensor_beside_them() -> None:
    """Numbers of as many digits as there are, against `Model` for that many."""
    model = SequenceModel(
        nesy.parse(CARRY),
        {"digit_net": nesy.logits(Given())},
        "sum(N, I, S)",
        "S",
        lengths={"N": "a"},
    )
    a, b = scores(4, 2, 10, seed=1), scores(4, 2, 10, seed=2)
    with mistake("unexpected-input", "takes the input c", hint="sequences are a"):
        model(a=list(a), b=b, c=list(b))
    with mistake("wrong-shape", "input b has the shapes (2, 10), (1, 10)", hint="stand for the length"):
        model(a=list(a), b=[b[0], b[1], b[2, :1], b[3]])
    fixed = Model(nesy.parse(CARRY), {"digit_net": nesy.logits(Given())}, "sum(2, I, S)", "S")
    targets = [[3, 4, 1], [0, None, 0], [9, 9, 0], [None, None, None]]
    indices = torch.tensor([[-1 if t is None else t for t in row] for row in targets])
    found = model.log_prob(targets, a=list(a), b=list(b))
    torch.testing.assert_close(found, fixed.log_prob(indices, a=a, b=b))
    assert model.predict(a=list(a), b=b) == fixed.predict(a=a, b=b).tolist()


def test_lists_of_two_inputs_in_every_combination_of_lengths() -> None:
    rules = DIGIT + "longer(X, Y, T) :- len(X, N), len(Y, M), T is N - M.\nlen([], 0).\n"
    rules += "len([X|Xs], N) :- digit(X, D), D > 4, len(Xs, N).\n"
    rules += "len([X|Xs], N) :- digit(X, D), D < 5, len(Xs, M), N is M + 1.\n"
    model = SequenceModel(
        nesy.parse(rules),
        {"digit_net": nesy.logits(Given())},
        "longer(X, Y, T)",
        "T",
        lists={"X": "x", "Y": "y"},
    )
    x, y = [scores(n, 10, seed=n) for n in (0, 1, 2)], [scores(n, 10, seed=9 + n) for n in (2, 1, 2)]

    def small(items: Tensor) -> list[float]:
        """How likely it is that so many digits are below five."""
        found = [1.0]
        for p in items.softmax(1)[:, :5].sum(1).tolist():
            found = [
                (found[k] * (1 - p) if k < len(found) else 0.0) + (found[k - 1] * p if k else 0.0)
                for k in range(len(found) + 1)
            ]
        return found

    for row, (answer,) in enumerate(model(x=x, y=y)):
        p, q = small(x[row]), small(y[row])
        domain = model.outputs({"x": len(x[row]), "y": len(y[row])})[0].domain
        expected = [
            sum(p[i] * q[j] for i in range(len(p)) for j in range(len(q)) if i - j == t) for t in domain
        ]
        assert answer.exp().tolist() == pytest.approx(expected)


RECURRENT = """
nn(cell, [H, X], O) :: step(H, X, O).
nn(reader, [H]) :: positive(H).
state([], H, H).
state([X|Xs], H, O) :- step(H, X, G), state(Xs, G, O).
ok(Xs) :- state(Xs, start, H), positive(H).
"""


class Cell(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[int] = []

    def forward(self, h: Tensor, x: Tensor) -> Tensor:
        self.rows.append(len(h))
        return torch.tanh(h + x)


def test_networks_that_feed_networks_run_once_for_each_step() -> None:
    cell, reader = Cell(), Given()
    model = SequenceModel(
        nesy.parse(RECURRENT), {"cell": cell, "reader": nesy.logits(reader)}, "ok(Xs)", lists={"Xs": "x"}
    )
    lengths = [3, 1, 2, 3]
    x, start = [scores(n, seed=n) for n in lengths], scores(4, seed=9)
    for row, (found,) in enumerate(model(x=x, start=start)):
        h = start[row]
        for item in x[row]:
            h = torch.tanh(h + item)
        assert found[1].exp().item() == pytest.approx(h.sigmoid().item())
    assert cell.rows == [4, 3, 2], "all first steps together, then the second ones, then the third"


def test_learnable_clauses_are_shared_by_all_lengths() -> None:
    rules = (
        DIGIT
        + "t(0.25) :: broken.\ntotal([], 0).\ntotal([X|_], 0) :- broken.\n"
        + "total([X|Xs], S) :- \\+ broken, digit(X, D), total(Xs, R), S is D + R.\n"
    )
    model = totals(rules=rules, prepare=[1, 2])
    assert [tuple(p.shape) for p in model.parameters()] == [(2,)]
    (found,) = model(images=[ITEMS[0]])
    expected = 0.75 * distribution(ITEMS[0])
    expected[0] += 0.25
    torch.testing.assert_close(found[0].exp(), expected, rtol=1e-6, atol=1e-8)
    model.loss([3, 4], images=ITEMS[3:5][::-1]).backward()
    (parameter,) = model.parameters()
    assert parameter.grad is not None
    assert parameter.grad.any()
    with mistake("unprepared-parameter", "broken", hint="prepare=", line=2):
        totals(rules=rules)(images=ITEMS)


def test_state_and_copies_are_those_of_a_model() -> None:
    torch.manual_seed(0)
    model = totals(nn.Linear(10, 10))
    items = [x.float() for x in ITEMS]
    before = list(model.state_dict())
    expected = model.log_prob([0] * 6, images=items)
    assert list(model.state_dict()) == before == ["networks.digit_net.weight", "networks.digit_net.bias"]
    twin = copy.deepcopy(model)
    assert torch.equal(twin.log_prob([0] * 6, images=items), expected)
    double = model.double().log_prob([0] * 6, images=ITEMS)
    torch.testing.assert_close(double.float(), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("engine", ["sampling", "sat"])
def test_every_engine_takes_lists(engine: str) -> None:
    torch.manual_seed(0)
    model = totals(nn.Linear(10, 10).double(), engine=engine)
    model.loss([5, 0, 14, 9, 12, 11], images=ITEMS).backward()
    assert all(p.grad is not None and p.grad.any() for p in model.parameters())
    assert all(len(v) == 1 for v in model.predict(images=ITEMS))


def test_the_loss_is_reached_by_calling_an_objective() -> None:
    model, targets = totals(), [5, 0, 20, 9, 0, 11]
    assert torch.equal(Objective(model)(targets, images=ITEMS), model.loss(targets, images=ITEMS))
    with mistake("unsupported-term", "engine's loss alone", hint="leave"):
        Objective(model, entropy=1.0)


def test_a_target_that_a_list_cannot_have() -> None:
    with mistake(
        "target-out-of-range", "example 3 for total([images(0)]) is 12, none of its 10", hint="None"
    ):
        totals().loss([5, 0, 20, 12, 0, 11], images=ITEMS)
    with mistake("wrong-shape", "targets for 2 examples, but 6", hint="None"):
        totals().loss([5, 0], images=ITEMS)
    with mistake("wrong-shape", "example 0 has 2 targets, but 1 outputs", hint="total"):
        totals().loss([[5, 0], 0, 20, 1, 0, 11], images=ITEMS)


def test_what_is_no_sequence() -> None:
    with mistake("missing-sequence", "images is a tensor", hint="one tensor for each example"):
        totals()(images=scores(3, 2, 10))
    with mistake("missing-sequence", "images is not given", hint="one tensor"):
        totals()()
    with mistake("sequence-not-in-query", "Images, to stand", "total(X,", hint="X, S"):
        SequenceModel(
            nesy.parse(TOTAL), {"digit_net": Given()}, "total(X, S)", "S", lists={"Images": "images"}
        )
    with mistake("mismatched-inputs", "differ between examples", hint="one shape"):
        totals()(images=[scores(1, 10), scores(2, 9)])


def test_the_probability_of_a_fixed_length_is_that_of_a_model() -> None:
    fixed = Model(
        nesy.parse(TOTAL), {"digit_net": nesy.logits(Given())}, "total([images(0), images(1)], S)", "S"
    )
    images = scores(4, 2, 10)
    found = torch.stack([answer for (answer,) in totals()(images=list(images))])
    torch.testing.assert_close(found, one(fixed(images=images)))
