"""Goals deep inside one another, written or made at run time, end in an answer or a `NesyError`."""

from __future__ import annotations

import pytest

from tests.fuzz.running import ended

FORMS = [
    *["\\+ {}", "not({})", "({} ; q)", "(q, {})", "({}, q)", "(q -> {} ; q)", "({} -> q ; q)", "({} -> q)"],
    *["call({})", "once({})", "ignore({})", "forall({}, q)", "forall(q, {})", "once((q, {}))"],
    *["findall(1, {}, _)", "all(1, {}, _)", "aggregate_all(count, {}, _)", "subquery({}, _)"],
    *["maplist([_]>>{}, [1])", "call([_]>>{}, 1)", "s:{}"],
]
SECONDS = 10.0


def nested(form: str, depth: int) -> str:
    before, after = form.split("{}")
    return before * depth + "q" + after * depth


@pytest.mark.parametrize("depth", [12, 60, 600])
@pytest.mark.parametrize("form", FORMS)
def test_written_goals(form: str, depth: int) -> None:
    if "]>>" in form:
        depth = min(depth, 200)  # a lambda is copied at each level
    ending = ended(f"p :- {nested(form, depth)}. 0.5::q. query(p).", SECONDS)
    assert ending.kind in ("answer", "error"), ending.detail
    if depth == 12 and form != "s:{}":
        assert ending.kind == "answer", ending.detail


@pytest.mark.parametrize("depth", [12, 60, 300])
@pytest.mark.parametrize("form", [f for f in FORMS if "_" not in f])
def test_goals_made_at_run_time(form: str, depth: int) -> None:
    rules = f"n(0, q). n(N, {form.format('G')}) :- N > 0, M is N-1, n(M, G). 0.5::q."
    ending = ended(f"{rules} p :- n({depth}, G), call(G). query(p).", SECONDS)
    assert ending.kind in ("answer", "error"), ending.detail


def test_terms_of_many_levels() -> None:
    rules = "n(0, z). n(N, s(T)) :- N > 0, M is N-1, n(M, T). p :- n(20000, T), ground(T)."
    assert ended(f"{rules} query(p).", SECONDS).kind in ("answer", "error")
