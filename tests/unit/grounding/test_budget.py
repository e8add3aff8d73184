"""Budgets: how they are written, and what a grounding that passes one says."""

from __future__ import annotations

import itertools
import re
from types import SimpleNamespace

import pytest

import nesy
from nesy import Budget
from nesy.grounding import Template, ground, ground_rules
from nesy.grounding.meter import Meter
from nesy.grounding.paths import Path
from nesy.language.syntax import Program

NATURALS = "nat(0).\nnat(N) :- nat(M), N is M + 1.\nquery(nat(3)).\n"
DEEPER = "p(X) :- p(s(X)).\nquery(p(a)).\n"
PRODUCT = (
    "".join(f"0.5::e({i}).\n" for i in range(60)) + "t(X, Y, Z) :- e(X), e(Y), e(Z).\nquery(t(_, _, _)).\n"
)
CERTAIN = PRODUCT.replace("0.5::", "")
ENDLESS = "p(X) :- between(1, 1000000000, X), X < 0.\nquery(p(_)).\n"
CYCLIC = (
    "".join(f"0.5::e({a},{b}).\n" for a, b in itertools.permutations(range(12), 2))
    + "p(X, Y) :- e(X, Y).\np(X, Y) :- e(X, Z), p(Z, Y).\nquery(p(0, 1)).\n"
)


COUNTS = re.compile(r"([\d,]+) (?:begun|after)")


def exceeded(text: str, budget: Budget, path: Path = "auto") -> nesy.NesyError:
    with pytest.raises(nesy.NesyError) as caught:
        ground_rules(nesy.parse(text), None, path, budget=budget)
    assert caught.value.code == "budget-exceeded"
    assert caught.value.hint is not None
    return caught.value


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("nodes=1000", Budget(nodes=1000)),
        ("nodes=1e6, seconds=10 ,memory=2G", Budget(1_000_000, 10.0, 2 << 30)),
        ("memory=1.5MB", Budget(memory=3 << 19)),
        ("memory=100", Budget(memory=100)),
        ("seconds=0.25,memory=7k", Budget(seconds=0.25, memory=7 << 10)),
    ],
)
def test_budgets_are_read(text: str, budget: Budget) -> None:
    assert Budget.parse(text) == budget


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "''"),
        ("nodes", "'nodes'"),
        ("nodes=", "''"),
        ("time=3", "'time=3'"),
        ("nodes=many", "'many'"),
        ("nodes=2K", "'2K'"),
        ("seconds=-1", "positive"),
        ("seconds=nan", "positive"),
        ("memory=inf", "positive"),
        ("nodes=0", "positive"),
        ("nodes=1,nodes=2", "twice"),
        ("nodes=1,", "''"),
    ],
)
def test_malformed_budgets_are_refused(text: str, part: str) -> None:
    with pytest.raises(nesy.NesyError, match="malformed-budget") as caught:
        Budget.parse(text)
    assert part in caught.value.message
    assert caught.value.hint is not None


def test_limits_are_positive() -> None:
    with pytest.raises(nesy.NesyError, match="malformed-budget"):
        Budget(nodes=0)


@pytest.mark.parametrize("path", ["auto", "tabled", "relational"])
@pytest.mark.parametrize("budget", [Budget(nodes=3000), Budget(seconds=0.2), Budget(memory=1 << 24)])
def test_a_grounding_without_end_is_stopped(path: Path, budget: Budget) -> None:
    error = exceeded(NATURALS, budget, path)
    assert error.span is not None
    assert error.span.text.startswith("nat(N) :- nat(M)")
    assert "after nat(M)" in error.message


def test_slow_frames_are_looked_at_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where terms grow, a frame takes longer and longer; ten seconds are ten seconds all the same."""
    ticks = itertools.count()
    elapsed = [0.0]
    monkeypatch.setattr("nesy.grounding.meter.time.monotonic", lambda: elapsed[0])
    meter = Meter(Budget(seconds=10.0))
    monkeypatch.setattr(meter, "_counts_of", lambda _: [0])
    frame = SimpleNamespace(plan=SimpleNamespace(rule="a rule"), position=0)

    def run() -> None:
        for tick in ticks:
            elapsed[0] = tick / 100
            meter.frame(frame)  # type: ignore[arg-type]

    with pytest.raises(nesy.NesyError, match="10 seconds"):
        run()
    assert elapsed[0] < 10.1


def test_calls_without_end_are_stopped() -> None:
    assert exceeded(DEEPER, Budget(nodes=5000)).message == (
        "grounding goes beyond its budget of 5,000 nodes; most went to a rule of p/1, "
        "with 5,001 instances so far: 5,001 begun, 0 after p(s(X))"
    )


def test_the_answers_met_by_each_goal_are_counted() -> None:
    message = exceeded(PRODUCT, Budget(nodes=20_000), "tabled").message
    assert "a rule of t/3" in message
    begun, *after = [int(n.replace(",", "")) for n in COUNTS.findall(message)]
    # Depth first: the last goal is met for the first answers to the others.
    assert begun == 1
    assert 1 < after[0] < 60
    assert 60 < after[1] < 3_600
    assert 15_000 < after[2] < 20_000


@pytest.mark.parametrize("text", [PRODUCT, CERTAIN])
def test_the_relational_path_counts_the_same_joins(text: str) -> None:
    message = exceeded(text, Budget(nodes=70_000), "relational").message
    assert "a rule of t/3" in message
    assert "1 begun, 60 after e(X), 3,600 after e(Y), " in message
    assert 60_000 < int(COUNTS.findall(message)[-1].replace(",", "")) <= 216_000


@pytest.mark.parametrize("budget", [Budget(nodes=5000), Budget(seconds=0.2), Budget(memory=1 << 24)])
def test_built_ins_without_end_are_stopped(budget: Budget) -> None:
    error = exceeded(ENDLESS, budget, "tabled")
    assert "1 begun, " in error.message
    assert ", 0 after X < 0" in error.message


def test_facts_are_counted_together() -> None:
    text = "".join(f"0.5::e({i}).\n" for i in range(100)) + "query(e(_)).\n"
    assert "the facts of e/1" in exceeded(text, Budget(nodes=50), "tabled").message


def test_query_bodies_count() -> None:
    text = "n(0). n(Y) :- n(X), Y is X + 1.\n0.5::a(X).\nquery(a(X)) :- n(X).\n"
    assert "rule of n/1" in exceeded(text, Budget(nodes=5000)).message


def test_unrolling_counts() -> None:
    program = nesy.parse(CYCLIC)
    ground_rules(program, budget=Budget(nodes=800))
    with pytest.raises(nesy.NesyError, match="budget-exceeded") as caught:
        ground(program, budget=Budget(nodes=800))
    assert "unrolls" in caught.value.message


def test_what_stays_within_its_budget_is_as_without() -> None:
    program = nesy.parse("0.3::a. 0.4::b. c :- a, b. c :- b. query(c).")
    assert nesy.solve(program, budget=Budget(100, 60.0, 1 << 32))["c"] == nesy.solve(program)["c"]
    assert len(ground(program, Template.parse("c", None), budget=Budget(nodes=100)).outputs) == 1


def test_the_budget_may_be_met_exactly() -> None:
    program = nesy.parse("0.3::a. 0.4::b. c :- a, b. query(c).")
    frames = next(n for n in range(1, 50) if _fits(program, n))
    assert not any(_fits(program, n) for n in range(1, frames))
    assert all(_fits(program, n) for n in range(frames, frames + 5))


def _fits(program: Program, nodes: int) -> bool:
    try:
        ground_rules(program, budget=Budget(nodes=nodes))
    except nesy.NesyError:
        return False
    return True
