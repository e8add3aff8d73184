"""Probabilities that rules leave to be learned: where they begin, and that they are learned."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from nesy import Model
from tests.conformance.deepproblog.worlds import answers, assert_same, distributions, enumerated, model

SINGLE = 1e-6
"""Parameters are float32."""


def noisy_sums(a: Tensor, b: Tensor, noise: float) -> dict[object, float]:
    uniform = [1 / 19] * 19
    return enumerated(
        [[1 - noise, noise], uniform, a.tolist(), b.tolist()],
        lambda noisy, guess, x, y: [guess if noisy else x + y],
    )


def test_noisy_addition() -> None:
    asked = model("noisy_sum", "labelled(a, b, Sum)", "Sum", "digit_net")
    a, b = distributions(2, 10, seed=1), distributions(2, 10, seed=2)
    for row, found in enumerate(answers(asked, a=a, b=b)):
        assert_same(found, noisy_sums(a[row], b[row], 0.2), SINGLE)


def test_the_noise_is_learned() -> None:
    """Half of the labels are wrong by 9: as many as guessing explains."""
    asked = model("noisy_sum", "labelled(a, b, Sum)", "Sum", "digit_net")
    sure = torch.eye(10, dtype=torch.float64)[torch.zeros(40, dtype=torch.int64)]
    labels = torch.tensor([0] * 20 + [9] * 20)
    optimizer = torch.optim.Adam(asked.parameters(), lr=0.1)
    for _ in range(150):
        optimizer.zero_grad()
        asked.loss(labels, a=sure, b=sure).backward()
        optimizer.step()
    learned = asked.learned.probabilities()["noisy"]["true"]
    # The likeliest n maximises log(1 - n + n/19) + log(n/19).
    assert learned == pytest.approx(19 / 36, abs=0.01)


STRENGTH = {1: 3, 2: 2, 3: 1}
"""By how many different cards a hand of three has."""
HOUSE = [0.4, 0.3, 0.2, 0.1]


def outcome(a: int, b: int, c: int, d: int, house: int) -> list[str]:
    mine, theirs = STRENGTH[len({a, b, house})], STRENGTH[len({c, d, house})]
    return ["win" if mine > theirs else "loss" if mine < theirs else "draw"]


def poker() -> Model:
    hands = (f"[tensor({who}(0)),tensor({who}(1))]" for who in ("mine", "theirs"))
    return model("poker", f"game({', '.join(hands)}, Outcome)", "Outcome", "card_net")


def test_poker() -> None:
    asked = poker()
    mine, theirs = distributions(2, 2, 4, seed=3), distributions(2, 2, 4, seed=4)
    for row, found in enumerate(answers(asked, mine=mine, theirs=theirs)):
        expected = enumerated([*mine[row].tolist(), *theirs[row].tolist(), HOUSE], outcome)
        assert_same(found, expected, SINGLE)


def test_the_hidden_card_is_learned() -> None:
    """Nine games in ten are won: only the hidden card tells them apart."""
    asked = poker()
    cards = torch.eye(4, dtype=torch.float64)
    mine = cards[[3, 0]].expand(100, 2, 4)
    theirs = cards[[1, 2]].expand(100, 2, 4)
    (output,) = asked.outputs
    won = output.domain.index("win")
    labels = torch.full((100,), won)
    labels[:10] = output.domain.index("loss")
    optimizer = torch.optim.Adam(asked.parameters(), lr=0.1)
    for _ in range(200):
        optimizer.zero_grad()
        asked.loss(labels, mine=mine, theirs=theirs).backward()
        optimizer.step()
    learned = next(iter(asked.learned.probabilities().values()))
    # We win with a jack or an ace, the others with a queen or a king.
    assert learned["hidden(jack)"] + learned["hidden(ace)"] == pytest.approx(0.9, abs=0.01)
    assert sum(learned.values()) == pytest.approx(1)
