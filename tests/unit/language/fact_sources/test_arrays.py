"""Facts from what is in memory."""

from __future__ import annotations

import datetime as dt
import decimal

import numpy as np
import pytest
import torch

import nesy
from nesy.language.terms import String


def columns(source: object, **options: object) -> list[list[object]]:
    return [c.tolist() for c in nesy.facts("p", source, **options).columns]  # type: ignore[arg-type]


def refused(source: object, **options: object) -> nesy.NesyError:
    with pytest.raises(nesy.NesyError) as caught:
        columns(source, **options)
    return caught.value


def test_tuples_are_rows() -> None:
    assert columns([(1, "a", 2.5, True), (2, "b", 3, False)]) == [
        [1, 2],
        ["a", "b"],
        [2.5, 3.0],
        ["true", "false"],
    ]


def test_arrays_are_columns_and_a_matrix_is_rows() -> None:
    expected = [[1, 2, 3], [4, 5, 6]]
    one, two = np.array([1, 2, 3], np.uint8), np.array([4, 5, 6], np.int32)
    assert columns([one, two]) == expected
    assert columns({"a": one, "b": [4, 5, 6]}) == expected
    assert columns(np.stack([one, two], axis=1)) == expected
    assert columns(torch.tensor([[1, 4], [2, 5], [3, 6]])) == expected
    assert columns([torch.tensor([1, 2, 3]), two]) == expected


def test_one_dimension_is_one_column() -> None:
    assert columns(np.array([1, 2])) == [[1, 2]]


def test_a_tensor_that_is_trained_gives_its_values() -> None:
    weights = torch.tensor([0.25, 0.5], requires_grad=True)
    table = nesy.facts("p", [np.array([1, 2]), weights], probability=1)
    assert table.probabilities is not None
    assert table.probabilities.tolist() == [0.25, 0.5]


def test_arrays_of_text_are_atoms_or_strings() -> None:
    names = np.array(["a", "b"])
    assert columns([names, names], types={1: "string"}) == [["a", "b"], [String("a"), String("b")]]
    assert all(type(v) is str for v in columns([names])[0])


def test_types_change_what_values_are() -> None:
    rows = [(1, 2.0, 3, "x"), (4, 5.0, 6, "y")]
    types = {0: "float", 1: "int", 2: "atom", 3: "string"}
    assert columns(rows, types=types) == [[1.0, 4.0], [2, 5], ["3", "6"], [String("x"), String("y")]]
    arrays = [np.array([1, 2]), np.array([1.0, 2.0])]
    assert columns(arrays, types={0: "float", 1: "int"}) == [[1.0, 2.0], [1, 2]]


@pytest.mark.parametrize(
    ("source", "options", "code", "place"),
    [
        ([(1, "a"), (2, None)], {}, "missing-value", "row 1, counted from 0, column 1"),
        ([(1.5,), (float("nan"),)], {}, "missing-value", "row 1"),
        ([np.array([1.0, np.nan])], {}, "missing-value", "row 1"),
        ([np.array([1.0, np.nan])], {"types": {0: "int"}}, "missing-value", "row 1"),
        ([np.array([1.0, np.inf])], {}, "bad-value", "row 1"),
        ([np.array([1.0, 1.5])], {"types": {0: "int"}}, "bad-value", "row 1"),
        ([(1,), ("a",)], {}, "bad-value", "row 1"),
        ([("a",), (1,)], {}, "bad-value", "row 1"),
        ([("a",), (b"b",)], {}, "bad-value", "row 1"),
        ([(decimal.Decimal(1),)], {}, "bad-value", "row 0"),
        ([np.array(["2020-01-01"], "datetime64[D]")], {}, "bad-value", "row 0"),
        ([(dt.date(2020, 1, 1),)], {"types": {0: "atom"}}, "bad-value", "row 0"),
        ([("a",)], {"types": {0: "int"}}, "bad-value", "row 0"),
        ([(2**63,)], {}, "bad-value", "row 0"),
        ([np.array([2**63], np.uint64)], {}, "bad-value", "row 0"),
        ([(10**400,), (1.0,)], {}, "bad-value", "row 0"),
        ([(1, 2.0)], {"probability": 1}, "fact-probability", "row 0"),
        ([(1, "x")], {"probability": 1}, "bad-value", "row 0"),
    ],
)
def test_a_value_that_is_no_argument_is_named(
    source: object, options: dict[str, object], code: str, place: str
) -> None:
    error = refused(source, **options)
    assert error.code == code
    assert place in error.message
    assert error.hint


@pytest.mark.parametrize(
    "source",
    [
        [],
        [(1, 2), (3,)],
        [1, 2],
        ["ab", "cd"],
        [np.array([1]), np.array([1, 2])],
        {"a": [1], "b": [1, 2]},
        {"a": "xy"},
        np.zeros((2, 2, 2)),
        np.array(1),
    ],
)
def test_what_is_no_table_is_refused(source: object) -> None:
    assert refused(source).code == "malformed-fact-table"


def test_unknown_sources_are_refused() -> None:
    assert refused(object()).code == "unknown-fact-source"
    assert refused([(1,)], columns=["a"]).code == "unknown-column"
