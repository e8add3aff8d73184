"""Programs over images: sums, bags, coins, formulas, encodings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy import Model
from tests.conformance.deepproblog.worlds import (
    CORPUS,
    Table,
    answers,
    assert_same,
    distributions,
    enumerated,
    model,
)


@pytest.mark.parametrize("wrapped", [True, False])
def test_numbers_as_lists_of_images(wrapped: bool) -> None:
    form = "tensor({})" if wrapped else "{}"
    xs, ys = (f"[{','.join(form.format(f'{n}({i})') for i in range(2))}]" for n in "ab")
    asked = model("number_lists", f"total({xs}, {ys}, Total)", "Total", "digit_net")
    a, b = distributions(2, 2, 10, seed=1), distributions(2, 2, 10, seed=2, zero=0.3)
    for row, found in enumerate(answers(asked, a=a, b=b)):
        tables = [*a[row].tolist(), *b[row].tolist()]
        assert_same(found, enumerated(tables, lambda w, x, y, z: [10 * w + x + 10 * y + z]))


def test_a_sum_that_is_an_image() -> None:
    asked = model("image_sum", "adds_up(a, b, tens, units)", None, "digit_net")
    inputs = {n: distributions(2, 10, seed=i) for i, n in enumerate(["a", "b", "tens", "units"])}
    for row, found in enumerate(answers(asked, **inputs)):
        tables = [t[row].tolist() for t in inputs.values()]
        expected = enumerated(tables, lambda a, b, t, u: ["true" if a + b == 10 * t + u else "false"])
        assert_same(found, expected)


def test_an_image_that_stands_for_summand_and_sum() -> None:
    asked = model("image_sum", "adds_up(a, b, a, b)", None, "digit_net")
    inputs = {n: distributions(1, 10, seed=i) for i, n in enumerate("ab")}
    (found,) = answers(asked, **inputs)
    expected = enumerated(
        [t[0].tolist() for t in inputs.values()],
        lambda a, b: ["true" if a + b == 10 * a + b else "false"],
    )
    assert_same(found, expected)


@pytest.mark.parametrize("predicate", ["shows", "several"])
def test_bags(predicate: str) -> None:
    bag = distributions(2, 3, 10, seed=5)
    least = 1 if predicate == "shows" else 2
    asked = model("bags", f"{predicate}([tensor(bag(0)),tensor(bag(1)),tensor(bag(2))], D)", "D", "digit_net")
    for row, found in enumerate(answers(asked, bag=bag)):
        expected = enumerated(
            bag[row].tolist(), lambda *digits: [d for d in digits if digits.count(d) >= least]
        )
        assert_same(found, expected)


def test_two_networks_over_one_photograph() -> None:
    class Left(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x[:, :2]

    class Right(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x[:, 2:]

    program = nesy.load(CORPUS / "deepproblog_coins.nesy")
    networks = {"left_net": Left(), "right_net": Right()}
    asked = Model(program, networks, "outcome(photo, Outcome)", "Outcome")
    photo = torch.cat([distributions(3, 2, seed=6), distributions(3, 2, seed=7)], dim=1)
    for row, found in enumerate(answers(asked, photo=photo)):
        tables = [photo[row, :2].tolist(), photo[row, 2:].tolist()]
        expected = enumerated(tables, lambda x, y: ["same" if x == y else "different"])
        assert_same(found, expected)


SIGNS = [*"0123456789", *"+-*/"]


def values(*symbols: int) -> Iterator[float]:
    """The value of a formula, if it has one: by splitting it at its last weakest sign."""
    text = [SIGNS[s] for s in symbols]
    if len(text) % 2 == 0 or any((t in "+-*/") != (i % 2 == 1) for i, t in enumerate(text)):
        return
    signs = [i for i, t in enumerate(text) if t in "+-"] or [i for i, t in enumerate(text) if t in "*/"]
    if not signs:
        yield int(text[0])
        return
    place = signs[-1]
    for x in values(*symbols[:place]):
        for y in values(*symbols[place + 1 :]):
            match text[place]:
                case "+":
                    yield x + y
                case "-":
                    yield x - y
                case "*":
                    yield x * y
                case _:
                    if y != 0:
                        yield x / y


@pytest.mark.parametrize(("length", "signs"), [(1, SIGNS), (3, SIGNS), (5, [*"012", *"+-*/"])])
def test_formulas(length: int, signs: list[str]) -> None:
    rules = (CORPUS / "deepproblog_formulas.nesy").read_text()
    whole = "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, +, -, *, /"
    assert whole in rules
    images = ",".join(f"tensor(f({i}))" for i in range(length))
    program = nesy.parse(rules.replace(whole, ", ".join(signs)))
    asked = Model(program, {"symbol_net": Table()}, f"formula([{images}], Value)", "Value")
    f = distributions(1, length, len(signs), seed=length, zero=0.3)
    (found,) = answers(asked, f=f)

    def meaning(*shown: int) -> Iterator[float]:
        return values(*(SIGNS.index(signs[i]) for i in shown))

    assert_same(merged(found), merged(dict(enumerated(f[0].tolist(), meaning))))


def merged(found: dict[object, float]) -> dict[object, float]:
    """Values that differ by type or rounding alone, 2 and 2.0, as one."""
    result: dict[object, float] = {}
    for value, probability in found.items():
        assert isinstance(value, (int, float))
        key = round(float(value), 9)
        result[key] = result.get(key, 0.0) + probability
    return result


def test_the_order_of_products_and_divisions() -> None:
    assert list(values(*(SIGNS.index(s) for s in "8/2*3"))) == [12]
    assert list(values(*(SIGNS.index(s) for s in "1-2-3"))) == [-4]
    assert list(values(*(SIGNS.index(s) for s in "1/0"))) == []


class Halves(nn.Module):
    """Encodes by multiplying with a matrix: readers see the encoding, never the image."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        return torch.stack([x * 2, x / 2], dim=1)


class Reader(nn.Module):
    def __init__(self, values: int) -> None:
        super().__init__()
        self.values = values

    def forward(self, code: Tensor) -> Tensor:
        return code.sum(dim=1)[:, : self.values].softmax(dim=1)


class Alike(nn.Module):
    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return (x - y).abs().flatten(1).sum(dim=1).neg().exp()


def encoders(query: str, output: list[str] | None) -> tuple[Model, Halves]:
    program = nesy.load(CORPUS / "deepproblog_encoders.nesy")
    encoder = Halves()
    networks = {"encoder": encoder, "shape_net": Reader(2), "colour_net": Reader(3), "alike_net": Alike()}
    return Model(program, networks, query, output), encoder


def test_a_tensor_feeds_two_networks() -> None:
    asked, encoder = encoders("label(tensor(train(3)), Shape, Colour)", ["Shape", "Colour"])
    train = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(8), dtype=torch.float64)
    shape, colour = asked(train=train)
    code = train[:, 3] * 2.5
    torch.testing.assert_close(shape.exp(), code[:, :2].softmax(1))
    # Values come in the standard order of terms: blue, green, red.
    torch.testing.assert_close(colour.exp(), code.softmax(1)[:, [2, 1, 0]])
    assert encoder.calls == 1


def test_two_tensors_feed_one_network() -> None:
    asked, encoder = encoders("matching(x, y)", None)
    x, y = (torch.randn(4, 3, generator=torch.Generator().manual_seed(i)) for i in (1, 2))
    found = asked(x=x, y=y)
    assert isinstance(found, Tensor)
    expected = (2.5 * (x - y).abs().sum(1)).neg().exp()
    torch.testing.assert_close(found[:, 1].exp(), expected)
    assert encoder.calls == 1
