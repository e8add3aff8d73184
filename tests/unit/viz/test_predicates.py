"""The dependency graph of predicates."""

from __future__ import annotations

import pytest

import nesy
from nesy import viz
from nesy.viz.circuit_graph import circuit_drawing
from nesy.viz.drawing import Drawing
from nesy.viz.layout import lay_out
from nesy.viz.levels import MOST, by_level
from nesy.viz.predicate_graph import predicate_drawing
from tests.unit.viz.programs import observed

PROGRAM = """
nn(digit_net,[X],D,0..9)::digit(X,D).
0.1::burglary. person(john). person(mary).
alarm :- burglary, \\+quiet. quiet :- digit(a,0).
calls(X) :- person(X), (alarm ; \\+ (quiet, person(X))).
even(0). even(N) :- N > 0, M is N-1, odd(M). odd(N) :- M is N-1, even(M).
all :- forall(person(X), calls(X)).
query(calls(_)). evidence(alarm).
"""


def drawing() -> Drawing:
    return predicate_drawing(nesy.parse(PROGRAM))


def edges(found: Drawing) -> dict[tuple[str, str], bool]:
    label = [node.label for node in found.nodes]
    return {(label[e.source], label[e.target]): e.negative for e in found.edges}


def test_predicates_and_their_kinds() -> None:
    assert {node.label: node.kind for node in drawing().nodes} == {
        "digit/2": "network",
        "burglary/0": "probabilistic",
        "person/1": "facts",
        "alarm/0": "rules",
        "quiet/0": "rules",
        "calls/1": "rules",
        "even/1": "rules",
        "odd/1": "rules",
        "all/0": "rules",
    }


def test_dependencies_and_negation() -> None:
    assert edges(drawing()) == {
        ("alarm/0", "burglary/0"): False,
        ("alarm/0", "quiet/0"): True,
        ("quiet/0", "digit/2"): False,
        ("calls/1", "person/1"): True,
        ("calls/1", "alarm/0"): False,
        ("calls/1", "quiet/0"): True,
        ("even/1", "odd/1"): False,
        ("odd/1", "even/1"): False,
        ("all/0", "person/1"): False,
        ("all/0", "calls/1"): False,
    }


def test_recursion_is_one_group() -> None:
    found = drawing()
    (group,) = found.groups
    assert {found.nodes[m].label for m in group.members} == {"even/1", "odd/1"}


def test_what_is_asked_stands_out() -> None:
    found = drawing()
    assert {node.label for node in found.nodes if node.strong} == {"calls/1", "alarm/0"}
    (network,) = [node for node in found.nodes if node.kind == "network"]
    assert ("networks", "digit_net") in network.told
    assert ("", "nn(digit_net,[X],D,[0,1,2,3,4,5,6,7,8,9])::digit(X,D).") in network.told


def test_facts_from_tables() -> None:
    program = nesy.with_facts(nesy.parse("p(X) :- q(X). q(1). query(p(_))."), "edge", [(1, 2)])
    kinds = {node.label: node.kind for node in predicate_drawing(program).nodes}
    assert kinds["edge/2"] == "foreign"


def test_many_predicates_are_drawn_by_level() -> None:
    count = MOST + 40
    text = "\n".join(f"p{i} :- p{i + 1}, q." for i in range(count)) + f"\n0.5::p{count}. 0.1::q. query(p0)."
    picture = viz.predicates(nesy.parse(text))
    assert len(picture.nodes) < 60
    assert f"{count + 2:,} predicates" in picture.note
    assert "level by level" in picture.note
    counts = [int(dict(node.told)["nodes"]) for node in picture.nodes]
    assert sum(counts) == count + 2
    leaves = dict(picture.nodes[-1].told)
    assert (leaves["where"].split()[0], leaves["edges to others"]) == ("levels", "0")


def test_levels_of_a_circuit_tell_their_values() -> None:
    whole = circuit_drawing(observed())
    found = by_level(whole)
    told = [dict(node.told) for node in found.nodes]
    assert sum(int(t["nodes"]) for t in told) == len(whole.nodes)
    values = [node.value for node in whole.nodes if node.kind == "sum" and node.value is not None]
    sums = [t for t, node in zip(told, found.nodes, strict=True) if node.kind == "sum"]
    assert max(float(t["greatest value"]) for t in sums) == pytest.approx(max(values))
    assert min(float(t["least value"]) for t in sums) == pytest.approx(min(values))
    assert {"sum", "product", "choice", "query"} == {node.kind for node in found.nodes}
    layout = lay_out(found)
    assert len({(box.x, box.y) for box in layout.boxes}) == len(found.nodes)


@pytest.mark.parametrize(
    ("query", "code", "hint"),
    [
        ("nope", "unknown-predicate", "add a clause for nope/0"),
        ("call(1)", None, ""),
        ("cals(X)", "unknown-predicate", "did you mean calls/1"),
        ("calls(X, Y)", "unknown-predicate", "calls/1 exists"),
        ("retractall(a)", "unsupported-builtin", "rules of your own"),
    ],
)
def test_queries_of_predicates_that_nothing_defines(query: str, code: str | None, hint: str) -> None:
    program = nesy.parse(PROGRAM)
    if code is None:
        assert viz.predicates(program, [query])
        return
    with pytest.raises(nesy.NesyError) as refusal:
        viz.predicates(program, ["alarm", query])
    assert refusal.value.code == code
    assert refusal.value.diagnostic.hint is not None
    assert hint in refusal.value.diagnostic.hint
