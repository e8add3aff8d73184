"""Which tensors networks are given: names, indices, batches, other networks' tensors, and how often."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import nesy
from tests.unit.nn.programs import ADDITION, CARRY, DIGIT, Given, addition, mistake, model, one, scores


def test_every_network_is_called_once_with_all_its_inputs() -> None:
    given = Given()
    chain = model(CARRY, {"digit_net": nesy.logits(given)}, "sum(3, I, S)", "S")
    assert given.calls == [], "making a model runs no network"
    inputs = {n: scores(4, 3, 10) for n in "ab"}
    chain(**inputs)
    assert given.calls == [(24, 10)]
    chain.loss(torch.zeros(4, 4, dtype=torch.int64), **inputs)
    chain.predict(**inputs)
    chain.log_prob(torch.zeros(4, 4, dtype=torch.int64), **inputs)
    assert given.calls == [(24, 10)] * 4


def test_indices_pick_along_the_dimensions_behind_the_batch() -> None:
    rules = DIGIT + "found(D) :- digit(board(2, 5), D).\n"
    asked = model(rules, {"digit_net": nesy.logits(Given())}, "found(D)", "D")
    board = scores(3, 4, 6, 10)
    torch.testing.assert_close(one(asked(board=board)), board[:, 2, 5].log_softmax(1))


def test_an_index_may_be_written_in_tensor() -> None:
    rules = DIGIT + "found(D) :- digit(tensor(a(1)), D).\n"
    asked = model(rules, {"digit_net": nesy.logits(Given())}, "found(D)", "D")
    a = scores(3, 2, 10)
    torch.testing.assert_close(one(asked(a=a)), a[:, 1].log_softmax(1))


def test_inputs_come_in_the_order_of_the_rules() -> None:
    class Concatenate(nn.Module):
        def forward(self, x: Tensor, y: Tensor) -> Tensor:
            return torch.cat([x, 2 * y], dim=1)

    rules = "nn(pair, [X, Y], R, [left, right]) :: which(X, Y, R).\n"
    asked = model(rules, {"pair": nesy.logits(Concatenate())}, "which(p, q(1), R)", "R")
    p, q = scores(4, 1, seed=1), scores(4, 3, 1, seed=2)
    expected = torch.cat([p, 2 * q[:, 1]], dim=1).log_softmax(1)
    torch.testing.assert_close(one(asked(p=p, q=q)), expected)


def test_networks_of_several_inputs_are_stacked_input_by_input() -> None:
    class Less(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.shapes: list[tuple[int, ...]] = []

        def forward(self, x: Tensor, y: Tensor) -> Tensor:
            self.shapes += [tuple(x.shape), tuple(y.shape)]
            return torch.sigmoid(y - x)

    rules = "nn(less, [X, Y]) :: less(X, Y).\nsorted :- less(a(0), a(1)), less(a(1), a(2)).\n"
    less = Less()
    a = scores(5, 3)
    found = one(model(rules, {"less": less}, "sorted")(a=a))
    torch.testing.assert_close(
        found[:, 1].exp(), (a[:, 1] - a[:, 0]).sigmoid() * (a[:, 2] - a[:, 1]).sigmoid()
    )
    assert less.shapes == [(10,), (10,)]


RECURRENT = """
nn(cell, [H, X], O) :: step(H, X, O).
nn(reader, [H]) :: positive(H).
state(0, start).
state(I, O) :- I > 0, J is I - 1, state(J, H), step(H, x(J), O).
ok(N) :- state(N, H), positive(H).
"""


class Cell(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def forward(self, h: Tensor, x: Tensor) -> Tensor:
        self.calls += 1
        return torch.tanh(h + x)


@pytest.mark.parametrize("length", [1, 5])
def test_tensors_feed_networks_along_a_chain(length: int) -> None:
    cell, reader = Cell(), Given()
    asked = model(RECURRENT, {"cell": cell, "reader": nesy.logits(reader)}, f"ok({length})")
    start, x = scores(3, seed=1), scores(3, length, seed=2)
    found = one(asked(start=start, x=x))
    h = start
    for i in range(length):
        h = torch.tanh(h + x[:, i])
    torch.testing.assert_close(found[:, 1].exp(), h.sigmoid())
    assert cell.calls == length, "each step waits for the one before"
    assert reader.calls == [(3,)]


def test_a_tensor_used_twice_is_made_once() -> None:
    rules = (
        "nn(encoder, [X], E) :: code(X, E).\nnn(reader, [E], V, [u, v]) :: read(E, V).\n"
        "nn(other, [E]) :: flag(E).\nboth(V) :- code(a, E), read(E, V), flag(E).\n"
    )
    encoder, reader = Given(), Given()

    class First(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x[:, 0].sigmoid()

    networks = {"encoder": encoder, "reader": nesy.logits(reader), "other": First()}
    found = model(rules, networks, "both(V)")(a=(a := scores(2, 2)))
    assert isinstance(found, list)
    expected = a.softmax(1) * a[:, :1].sigmoid()
    torch.testing.assert_close(torch.stack([f[:, 1] for f in found], dim=1).exp(), expected)
    assert encoder.calls == reader.calls == [(2, 2)]


def test_calls_of_one_depth_run_together_whatever_they_feed() -> None:
    encoder, reader = Given(), Given()
    rules = (
        "nn(encoder, [X], E) :: code(X, E).\nnn(reader, [E]) :: positive(E).\n"
        "ok :- code(a, E), code(b, F), positive(E), positive(F).\n"
    )
    model(rules, {"encoder": encoder, "reader": nesy.logits(reader)}, "ok")(a=scores(3), b=scores(3))
    assert encoder.calls == reader.calls == [(6,)]


def test_a_long_chain_of_networks() -> None:
    cell = Cell()
    asked = model(RECURRENT, {"cell": cell, "reader": nesy.logits(Given())}, "ok(100)")
    found = one(asked(start=torch.zeros(1), x=torch.zeros(1, 100)))
    assert found.exp().tolist() == [[0.5, 0.5]]
    assert cell.calls == 100


@pytest.mark.parametrize("engine", ["auto", "exact", "sampling", "sat", "topk"])
def test_an_empty_batch_costs_nothing(engine: str) -> None:
    network = nn.Linear(4, 10)
    summed = addition(nesy.logits(network), engine)
    nothing = torch.zeros(0, 4)
    loss = summed.loss(torch.zeros(0, 1, dtype=torch.int64), a=nothing, b=nothing)
    assert loss.item() == 0.0
    loss.backward()
    assert network.weight.grad is not None
    assert network.weight.grad.abs().sum() == 0.0


def test_an_empty_batch_gives_empty_answers() -> None:
    summed = addition(nesy.logits(nn.Linear(4, 10)))
    nothing = torch.zeros(0, 4)
    assert one(summed(a=nothing, b=nothing)).shape == (0, 19)
    assert summed.predict(a=nothing, b=nothing).shape == (0, 1)
    targets = torch.zeros(0, 1, dtype=torch.int64)
    assert summed.log_prob(targets, a=nothing, b=nothing).shape == (0,)
    chain = model(CARRY, {"digit_net": nesy.logits(nn.Linear(4, 10))}, "sum(1, I, S)", "S")
    nothing = torch.zeros(0, 1, 4)
    targets = torch.zeros(0, 2, dtype=torch.int64)
    assert chain.log_prob(targets, a=nothing, b=nothing).shape == (0,)


def test_a_missing_input() -> None:
    with mistake("missing-input", "the input b", hint="a=..., b=..."):
        addition(Given())(a=scores(1, 10))


def test_an_unexpected_input() -> None:
    with mistake("unexpected-input", "takes the input c", hint="a, b"):
        addition(Given())(a=scores(1, 10), b=scores(1, 10), c=scores(1, 10))


def test_batches_of_different_sizes() -> None:
    with mistake("wrong-shape", "a has 2, b has 3", hint="the same number of rows"):
        addition(Given())(a=scores(2, 10), b=scores(3, 10))


@pytest.mark.parametrize(("wrong", "shown"), [(torch.tensor(1.0), "a number"), ([1.0, 2.0], "a list")])
def test_an_input_that_is_no_batch(wrong: object, shown: str) -> None:
    with mistake("wrong-shape", "the input a must be a tensor", f"and is {shown}", hint="unsqueeze"):
        addition(Given())(a=wrong, b=scores(1, 10))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shape", "shown"),
    [((2, 2, 6, 10), "(2, 2, 6, 10)"), ((2, 4, 5, 10), "(2, 4, 5, 10)"), ((2, 4), "(2, 4)")],
)
def test_an_index_out_of_range(shape: tuple[int, ...], shown: str) -> None:
    rules = DIGIT + "found(D) :- digit(board(2, 5), D).\n"
    asked = model(rules, {"digit_net": Given()}, "found(D)", "D")
    with mistake("wrong-shape", "board(2,5)", shown, hint="board[:, 2, 5]"):
        asked(board=scores(*shape))


@pytest.mark.parametrize("index", ["top", "1.0", "f(1)"])
def test_an_index_that_is_no_whole_number_is_found_before_any_call(index: str) -> None:
    rules = DIGIT + f"found(D) :- digit(board({index}), D).\n"
    with mistake("wrong-index", f"board({index})", hint="whole numbers", line=1):
        model(rules, {"digit_net": Given()}, "found(D)", "D")


def test_inputs_of_one_network_that_differ_in_shape() -> None:
    with mistake("mismatched-inputs", "'digit_net'", "a is (2, 4)", "b is (2, 5)", hint="one shape"):
        addition(Given())(a=scores(2, 4), b=scores(2, 5))


class Fails(nn.Module):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def forward(self, x: Tensor) -> Tensor:
        raise self.error


@pytest.mark.parametrize("kind", [RuntimeError, TypeError, ValueError, IndexError])
def test_a_network_that_fails(kind: type[Exception]) -> None:
    with pytest.raises(nesy.NesyError, match=r"network-failed.*digit_net.*\(2, 10\).*bad weather") as caught:
        addition(Fails(kind("bad weather")))(a=scores(1, 10), b=scores(1, 10))
    assert isinstance(caught.value.__cause__, kind)


def test_a_network_of_another_input_size_fails_by_name() -> None:
    with mistake("network-failed", "'digit_net'", "(2, 5)", hint="one input, of shape (5,): all"):
        addition(nn.Linear(4, 10))(a=torch.zeros(1, 5), b=torch.zeros(1, 5))


@pytest.mark.parametrize("dtype", [torch.float64, torch.int64])
@pytest.mark.parametrize("network", [nn.Linear(4, 10), nn.Sequential(nn.Conv1d(1, 2, 4), nn.Flatten())])
def test_a_network_of_another_dtype_fails_with_both(network: nn.Module, dtype: torch.dtype) -> None:
    with mistake("network-failed", "'digit_net'", hint=f"weights are torch.float32 and its inputs {dtype}"):
        addition(network)(a=torch.zeros(1, 1, 4, dtype=dtype), b=torch.zeros(1, 1, 4, dtype=dtype))


def test_running_out_of_memory_is_left_to_the_training_loop() -> None:
    with pytest.raises(torch.cuda.OutOfMemoryError):
        addition(Fails(torch.cuda.OutOfMemoryError("CUDA out of memory.")))(a=scores(1, 10), b=scores(1, 10))


class Returns(nn.Module):
    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value

    def forward(self, x: Tensor) -> object:
        return self.value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ((torch.zeros(2, 10), None), "tuple"),
        (None, "NoneType"),
        (torch.zeros(3, 10), "2 rows and returned (3, 10)"),
        (torch.tensor(0.1), "2 rows and returned ()"),
        (torch.zeros(2, 9), "(2, 9), expected (rows, 10)"),
        (torch.zeros(2), "(2,), expected (rows, 10)"),
        (torch.eye(10)[:2].long(), "torch.int64"),
        (torch.eye(10)[:2].bool(), "torch.bool"),
    ],
)
def test_a_network_that_returns_something_else(value: object, shown: str) -> None:
    with mistake("network-output", "'digit_net'", shown):
        addition(Returns(value))(a=scores(1, 10), b=scores(1, 10))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(torch.zeros(3, 2), "expected (3,) or (3, 1)"), (torch.ones(3).long(), "torch.int64")],
)
def test_a_network_of_nn_2_that_returns_something_else(value: Tensor, shown: str) -> None:
    asked = model("nn(n, [X]) :: holds(X).\n", {"n": Returns(value)}, "holds(a)")
    with mistake("network-output", "'n'", shown):
        asked(a=scores(3))


def test_one_mistake_does_not_spoil_the_next_call() -> None:
    asked = model(ADDITION, {"digit_net": nesy.logits(Given())}, "addition(a, b, S)", "S")
    with mistake("missing-input"):
        asked()
    assert one(asked(a=scores(1, 10), b=scores(1, 10))).exp().sum().item() == pytest.approx(1)


class Shifted(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.given: list[Tensor] = []

    def forward(self, x: Tensor, shift: Tensor) -> Tensor:
        self.given.append(shift)
        return (x + shift).sigmoid()


def test_numbers_of_the_rules_are_inputs_beside_tensors() -> None:
    rules = "nn(net, [X, N]) :: high(X, N).\nboth :- high(a, 1), high(a, 2).\n"
    net = Shifted()
    a = scores(3)
    found = one(model(rules, {"net": net}, "both")(a=a))
    torch.testing.assert_close(found[:, 1].exp(), (a + 1).sigmoid() * (a + 2).sigmoid())
    (shift,) = net.given
    assert shift.dtype == torch.int64
    assert sorted(shift.tolist()) == [1, 1, 1, 2, 2, 2]


def test_floats_of_the_rules_have_the_precision_of_the_tensors_beside_them() -> None:
    rules = "nn(net, [X, N]) :: high(X, N).\n"
    net = Shifted()
    asked = model(rules, {"net": net}, "high(a, 0.1)")
    for dtype in (torch.float32, torch.float64):
        a = scores(2, dtype=dtype)
        torch.testing.assert_close(one(asked(a=a))[:, 1].exp(), (a + 0.1).sigmoid())
        assert net.given[-1].dtype == dtype


def test_numbers_alone_make_a_batch_of_one() -> None:
    class Parity(nn.Module):
        def forward(self, n: Tensor) -> Tensor:
            return nn.functional.one_hot(n % 2, 2).float()

    rules = "nn(net, [N], P, [even, odd]) :: parity(N, P).\n"
    asked = model(rules, {"net": Parity()}, "parity(7, P)", "P")
    assert one(asked()).exp().tolist() == [[0.0, 1.0]]
