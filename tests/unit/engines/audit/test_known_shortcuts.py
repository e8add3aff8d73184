"""Tasks whose shortcuts are known, from the literature or by arithmetic."""

from __future__ import annotations

import pytest

import nesy
from tests.unit.engines.audit.enumeration import consistent_maps

DIGITS = """
nn(digit_net, [X], D, 0..{top}) :: digit(X, D).
addition(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.
"""
NUMBERS = """
nn(digit_net, [X], D, 0..9) :: digit(X, D).
total([X, Y], [Z, W], S) :- digit(X, A), digit(Y, B), digit(Z, C), digit(W, D), S is 10 * (A + C) + B + D.
even(S) :- total([a(0), a(1)], [b(0), b(1)], T), S is T mod 2.
"""
HALF = [(0, 0), (0, 1), (2, 3), (2, 4)]
EVEN_ODD = [(0, 6), (2, 8), (4, 6), (4, 8), (1, 5), (3, 7), (1, 9), (3, 9)]


def addition(top: int, pairs: list[tuple[int, int]] | None = None) -> nesy.Audit:
    labels = None if pairs is None else [(pair, sum(pair)) for pair in pairs]
    return nesy.audit(nesy.parse(DIGITS.format(top=top)), "addition(a, b, S)", "S", labels=labels)


def by_enumeration(pairs: list[tuple[int, int]]) -> int:
    """Wrong maps of a task of sums, where all digits that occur are ten at most, five of them."""
    maps = consistent_maps(("d", "d"), {"d": 10}, sum, pairs)
    return len(maps)


def test_mnist_half() -> None:
    found = addition(4, HALF)
    expected = consistent_maps(("d", "d"), {"d": 5}, sum, HALF)
    assert (found.wrong_maps, found.guarantee, found.determined) == (len(expected) - 1, "exact", False)
    assert found.wrong_maps == 2
    assert found.read_as["digit_net"] == {
        "0": ("0",),
        "1": ("1",),
        "2": ("2", "3", "4"),
        "3": ("1", "2", "3"),
        "4": ("2", "3", "4"),
    }
    assert found.shortcut is not None
    assert set(found.shortcut.changed["digit_net"]) == {"2", "3", "4"}


def test_mnist_half_with_networks_that_know_more_digits() -> None:
    found = addition(9, HALF)
    assert found.wrong_maps + 1 == by_enumeration(HALF)
    assert found.unseen["digit_net"] == ("5", "6", "7", "8", "9")


def test_mnist_even_odd() -> None:
    found = addition(9, EVEN_ODD)
    # Even and odd digits never meet, so their maps multiply.
    even, odd = by_enumeration(EVEN_ODD[:4]), by_enumeration(EVEN_ODD[4:])
    assert (found.wrong_maps, found.guarantee) == (even * odd - 1, "exact")
    assert (even, odd) == (6, 6)


def test_all_pairs_of_digits_leave_no_shortcut() -> None:
    found = addition(9)
    assert (found.determined, found.wrong_maps, found.shortcut, found.findings) == (True, 0, None, ())
    assert all(images == (value,) for value, images in found.read_as["digit_net"].items())
    assert str(found).startswith("the labels determine the concepts\ndigit_net: determined: 0, 1, 2, ")


def test_pairs_with_a_zero_are_enough() -> None:
    assert addition(9, [(0, d) for d in range(10)]).determined


def test_equal_pairs_alone_are_enough_too() -> None:
    assert addition(9, [(d, d) for d in range(10)]).determined


def test_products_of_pairs_leave_what_zero_hides() -> None:
    rules = "nn(n, [X], D, 0..4) :: digit(X, D). times(X, Y, P) :- digit(X, A), digit(Y, B), P is A * B."
    pairs = [(0, d) for d in range(5)]
    found = nesy.audit(nesy.parse(rules), "times(a, b, P)", "P", labels=[(p, 0) for p in pairs])
    # Zero must stay zero, and all else may be anything.
    assert found.wrong_maps == 5**4 - 1
    assert found.shortcut is not None
    assert sum(map(len, found.shortcut.changed.values())) == 1


@pytest.mark.parametrize("network", ["nn(net, [X], B, [0, 1]) :: bit(X, B).", "nn(net, [X]) :: is(X)."])
def test_xor_survives_when_both_are_negated(network: str) -> None:
    rules = f"{network} bit(X, 1) :- is(X). bit(X, 0) :- \\+is(X)." if "is(X)" in network else network
    rules += " odd(X, Y, Z) :- bit(X, A), bit(Y, B), Z is (A + B) mod 2."
    found = nesy.audit(nesy.parse(rules), "odd(a, b, Z)", "Z")
    assert found.wrong_maps == 1
    assert found.shortcut is not None
    shown = found.shortcut.survives
    assert list(shown.true) == ["a", "b"]
    assert all(shown.true[name] != shown.read[name] for name in shown.true)
    one, other = found.read_as["net"]
    assert found.shortcut.changed == {"net": {one: other, other: one}}


def test_two_networks_may_be_wrong_together_only() -> None:
    rules = """
        nn(left, [X], B, [0, 1]) :: l(X, B).
        nn(right, [X], B, [0, 1]) :: r(X, B).
        odd(Z) :- l(a, A), r(b, B), Z is (A + B) mod 2.
    """
    found = nesy.audit(nesy.parse(rules), "odd(Z)", "Z")
    assert found.wrong_maps == 1
    assert found.shortcut is not None
    assert set(found.shortcut.changed) == {"left", "right"}


def test_numbers_of_two_digits() -> None:
    assert nesy.audit(nesy.parse(NUMBERS), "total([a(0), a(1)], [b(0), b(1)], S)", "S").determined


def test_of_which_only_the_parity_is_seen() -> None:
    found = nesy.audit(nesy.parse(NUMBERS), "even(S)", "S")
    # Each digit may be read as any of its parity; or, since two units are added, as any of the other one.
    assert found.wrong_maps == 2 * 5**10 - 1
    assert [f.code for f in found.findings].count("no-gradient") == 2


def test_long_chains_are_not_listed() -> None:
    rules = """
        nn(net, [X], B, [0, 1]) :: bit(X, B).
        parity(0, 0).
        parity(N, P) :- N > 0, M is N - 1, parity(M, Q), bit(x(M), B), P is (Q + B) mod 2.
    """
    program = nesy.parse(rules)
    assert nesy.audit(program, "parity(31, P)", "P").determined
    assert nesy.audit(program, "parity(30, P)", "P").wrong_maps == 1
