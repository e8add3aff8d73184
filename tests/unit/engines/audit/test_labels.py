"""What may be said of examples, in Python and in files, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import nesy

RULES = """
nn(digit_net, [X], D, 0..4) :: digit(X, D).
addition(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.
"""
HALF = [((0, 0), 0), ((0, 1), 1), ((2, 3), 5), ((2, 4), 6)]


def audit(labels: Any, rules: str = RULES, query: str = "addition(a, b, S)", output: Any = "S") -> nesy.Audit:
    return nesy.audit(nesy.parse(rules), query, output, labels=labels)


@pytest.mark.parametrize(
    "labels",
    [
        HALF,
        [list(map(list, [pair, [total]])) for pair, total in HALF],
        [(pair, None) for pair, _ in HALF],
        [{"a": a, "b": b} for (a, b), _ in HALF],
        [{"digit_net(a)": str(a), "b": b, "S": total} for (a, b), total in HALF],
        [{"a": a, "b": b, "addition(a,b)": total} for (a, b), total in HALF],
        [{"a": a, "b": None, "S": total} for (a, _), total in HALF],
        iter(HALF * 3),
    ],
)
def test_ways_to_say_the_same(labels: Any) -> None:
    found = audit(labels)
    assert found.wrong_maps == 2
    assert (found.concepts, found.outputs) == (("a", "b"), ("addition(a,b)",))


def test_labels_alone_stand_for_all_that_gives_them() -> None:
    # 0+0 and 4+4 alone: both digits are known.
    found = audit([(None, 0), (None, 8)])
    assert found.determined
    assert found.read_as["digit_net"] == {"0": ("0",), "4": ("4",)}
    assert found.unseen["digit_net"] == ("1", "2", "3")


def test_concepts_stand_in_the_order_of_the_query_and_of_their_indices() -> None:
    rules = """
        nn(net, [X], D, [u, v]) :: d(X, D).
        every(Z, A, p(X, Y, V, W)) :- d(A, V), d(Z, W), d(im(10), X), d(im(2), Y).
    """
    found = audit([(["u", "v", "u", "v"], None)], rules, "every(z, a, P)", "P")
    assert found.concepts == ("z", "a", "im(2)", "im(10)")
    assert found.shortcut is None
    assert found.read_as == {"net": {"u": ("u",), "v": ("v",)}}


def test_inputs_of_two_networks_are_told_apart() -> None:
    rules = """
        nn(shape_net, [X], V, [disc, box]) :: shape(X, V).
        nn(colour_net, [X], V, [red, blue]) :: colour(X, V).
        thing(S, C) :- shape(a, S), colour(a, C).
    """
    found = audit([{"shape_net(a)": "disc", "C": "red"}], rules, "thing(S, C)", ("S", "C"))
    assert sorted(found.concepts) == ["colour_net(a)", "shape_net(a)"]
    assert found.unseen == {"shape_net": ("box",), "colour_net": ("blue",)}


def test_truth_values() -> None:
    rules = "nn(net, [X]) :: is(X). both :- is(a), is(b)."
    found = audit([((True, "false"), False), ((False, True), None)], rules, "both", None)
    # Only "not both" was seen: all but reading both as true is consistent.
    assert found.wrong_maps == 2


WRONG: list[tuple[Any, str]] = [
    ([(0, 0, 0)], "invalid-label-pair"),
    ([7], "invalid-label-pair"),
    ([((0, 1, 2), 3)], "invalid-label-pair"),
    ([((0, 1), (1, 1))], "invalid-label-pair"),
    ([{"c": 0}], "unknown-column"),
    ([((0, 5), 5)], "unknown-value"),
    ([((0, 1), 9)], "unknown-value"),
    ([((0, 1), 2)], "impossible-example"),
    ([], "empty-examples"),
]


@pytest.mark.parametrize(("labels", "code"), WRONG)
def test_what_is_wrong_with_labels(labels: Any, code: str) -> None:
    with pytest.raises(nesy.NesyError) as refused:
        audit(labels)
    assert refused.value.code == code
    assert refused.value.hint


def test_a_label_is_named_by_its_number() -> None:
    with pytest.raises(nesy.NesyError, match=r"label 2 \(a = 0, b = 1, addition\(a,b\) = 2\)"):
        audit([((0, 1), 1), ((0, 1), 2)])


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("b,a,S\n" + "".join(f" {b},{a},{s}\n" for (a, b), s in HALF * 2))
    assert audit(path).wrong_maps == 2
    assert audit(str(path)).wrong_maps == 2
    path.write_text("a,b\n0,\n,0\n")
    assert audit(path).determined


WRONG_FILES = [
    ("a,T\n0,0\n", "unknown-column", (1, 3)),
    ("a,b\n0,0\n1,7\n", "unknown-value", (3, 3)),
    ("a,b,S\n0,0,0\n0,1,0\n", "impossible-example", (3, 1)),
    ("a,b\n0\n", "malformed-csv", (2, 1)),
    ("a,b\n", "empty-examples", None),
    ("", "malformed-csv", None),
]


@pytest.mark.parametrize(("text", "code", "place"), WRONG_FILES)
def test_what_is_wrong_with_a_file(
    text: str, code: str, place: tuple[int, int] | None, tmp_path: Path
) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(text)
    with pytest.raises(nesy.NesyError) as refused:
        audit(path)
    span = refused.value.span
    assert (refused.value.code, span and (span.line, span.column)) == (code, place)
    assert "pairs.csv" in str(refused.value)


def test_a_file_of_many_examples_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("a,b,S\n" + "".join(f"{a},{b},{s}\n" for (a, b), s in HALF) * 10_000)
    assert audit(path).wrong_maps == 2
