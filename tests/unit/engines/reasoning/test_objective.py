"""Objectives: how sums are read, and what they weigh."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

import nesy
from nesy.engines.reasoning.matching import match
from nesy.engines.reasoning.objective import objective
from nesy.language.parser import parse_atom
from nesy.language.printer import term_text

SHOP = nesy.parse(
    """
    0.5::take(I) :- item(I, _, _).
    item(a, 3, 5). item(b, 4, 6). item(c, 2, 3). item(d, 1, -1).
    buy(I, C) :- take(I), item(I, C, _).
    gain(I, G) :- take(I), item(I, _, G).
    :- take(a), take(b).
    """
)


def read(text: object) -> tuple[list[tuple[float, str, tuple[str, ...]]], float]:
    found = objective(text)  # type: ignore[arg-type]
    return [(float(t.weight), term_text(t.atom), t.factors) for t in found.terms], float(found.constant)


def test_sums_are_read() -> None:
    assert read("2*a - 3*b(1, X) + c") == ([(2, "a", ()), (-3, "b(1,X)", ()), (1, "c", ())], 0)
    assert read("-a - (b - 0.5*c) + 4") == ([(-1, "a", ()), (-1, "b", ()), (0.5, "c", ())], 4)
    assert read("2*(a + 3*(b - c)) - 2*3") == ([(2, "a", ()), (6, "b", ()), (-6, "c", ())], -6)
    assert read("C*2*buy(X, C)") == ([(2, "buy(X,C)", ("C",))], 0)
    assert read({"a": 1, "b": 0.1}) == ([(1, "a", ()), (0.1, "b", ())], 0)
    assert read([(2, "a"), (3, "a")]) == ([(2, "a", ()), (3, "a", ())], 0)
    assert read({}) == ([], 0)


def test_many_weights() -> None:
    """As many weights as atoms take no longer for each."""
    facts = nesy.parse("".join(f"0.5::x({i}).\n" for i in range(600)))
    assert nesy.optimize(facts, maximise={f"x({i})": i % 3 - 1 for i in range(600)}).value == 200


def test_long_sums() -> None:
    text = " + ".join(f"{i}*x({i})" for i in range(1, 5_000))
    assert len(objective(text).terms) == 4_999


def test_decimals_are_what_is_written() -> None:
    assert [t.weight for t in objective({"a": 0.1, "b": Fraction(1, 3)}).terms] == [
        Fraction(1, 10),
        Fraction(1, 3),
    ]


@pytest.mark.parametrize("said", ["a*b", "X + a", '"text"*a', "[a] + b", {"a": math.nan}, {"a": math.inf}])
def test_what_is_no_sum(said: object) -> None:
    with pytest.raises(nesy.NesyError) as caught:
        objective(said)  # type: ignore[arg-type]
    assert caught.value.code == "invalid-objective"


@pytest.mark.parametrize(
    ("pattern", "ground", "bindings"),
    [
        ("f(X, Y)", "f(1, g(2))", {"X": "1", "Y": "g(2)"}),
        ("f(X, X)", "f(1, 1)", {"X": "1"}),
        ("f(X, X)", "f(1, 2)", None),
        ("f(1)", "f(1.0)", None),
        ("f([X|T])", "f([1|t])", {"X": "1", "T": "t"}),
        ("f([X, Y])", "f([1, 2])", {"X": "1", "Y": "2"}),
        ("f([X])", "f([1, 2])", None),
        ("f(g(X))", "f(h(1))", None),
    ],
)
def test_matching(pattern: str, ground: str, bindings: dict[str, str] | None) -> None:
    found = match(parse_atom(pattern), parse_atom(ground))
    assert (None if found is None else {n: term_text(t) for n, t in found.items()}) == bindings


def test_the_best_world() -> None:
    best = nesy.optimize(SHOP, maximise="G*gain(I, G) - 0.5*C*buy(I, C)")
    assert best.value == 6 - 2 + 3 - 1
    assert {a for a in best.world.true if a.startswith("take")} == {"take(b)", "take(c)"}
    worst = nesy.optimize(SHOP, minimise="G*gain(I, G)")
    assert (worst.value, worst.world.true) == (-1, ("take(d)", "gain(d,-1)"))
    assert nesy.optimize(SHOP, maximise="3*take(a) + 5", given={"take(b)": True}).value == 5
    assert nesy.optimize(SHOP, maximise={"take(a)": 1, "take(zzz)": 9}).value == 1
    assert nesy.optimize(SHOP, maximise=[(2, "take(a)"), (3, "take(a)"), (-1, "take(X)")]).value == 4


def test_what_cannot_be_best() -> None:
    for kinds in ({}, {"minimise": "take(a)", "maximise": "take(a)"}):
        with pytest.raises(nesy.NesyError, match="invalid-objective"):
            nesy.optimize(SHOP, **kinds)  # type: ignore[arg-type]
    with pytest.raises(nesy.NesyError, match="invalid-objective"):
        nesy.optimize(SHOP, maximise="I*take(I)")
    with pytest.raises(nesy.NesyError, match="unknown-predicate"):
        nesy.optimize(SHOP, maximise="take(a) + nothing")
    with pytest.raises(nesy.NesyError, match="inconsistent-evidence"):
        nesy.optimize(SHOP, maximise="take(a)", given={"take(a)": True, "take(b)": True})


PLACES = range(9)
CROWD = nesy.parse(
    "".join(f"0.5::sits({p}, {q}).\n" for p in range(10) for q in PLACES)
    + ":- sits(P, H), sits(Q, H), P < Q. :- sits(P, H), sits(P, G), H < G. seated(P) :- sits(P, _)."
)
"""Ten on nine seats: that not all can sit takes a solver long to prove."""


def test_a_time_limit_gives_the_best_so_far_and_its_bound() -> None:
    found = nesy.optimize(CROWD, maximise="2*seated(P) + 1", seconds=0.2)
    assert not found.proved
    assert found.value <= 19
    assert found.bound in (19, 21)
    assert found.value == 2 * sum(a.startswith("seated") for a in found.world.true) + 1


def test_what_is_done_in_time_is_proved() -> None:
    for seconds in (None, 30):
        found = nesy.optimize(SHOP, minimise="C*buy(I, C) - 2*take(d)", seconds=seconds)
        assert (found.value, found.bound, found.proved) == (-1, -1, True)
    with pytest.raises(nesy.NesyError, match="inconsistent-evidence"):
        nesy.optimize(SHOP, maximise="take(a)", given={"take(a)": True, "take(b)": True}, seconds=30)


def test_not_even_a_first_world_in_time() -> None:
    facts = "".join(f"0.5::sits({p}, {q}).\n" for p in range(12) for q in range(11))
    rules = nesy.parse(
        facts
        + ":- sits(P, H), sits(Q, H), P < Q. seated(P) :- sits(P, _). :- between(0, 11, P), \\+ seated(P)."
    )
    with pytest.raises(nesy.NesyError, match="time-limit"):
        nesy.optimize(rules, maximise="sits(0, 0)", seconds=0.1)
    with pytest.raises(nesy.NesyError, match="invalid-option"):
        nesy.optimize(rules, maximise="sits(0, 0)", seconds=0)
