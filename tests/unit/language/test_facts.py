"""Fact tables: what their arrays must be, and when two of them are the same."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import nesy
from nesy.language.facts import FactTable
from nesy.language.terms import Atom, Number, String


def objects(*values: object) -> np.ndarray:
    found = np.empty(len(values), object)
    found[:] = values
    return found


INTS = np.array([1, 2])
FLOATS = np.array([1.0, 2.5])


def test_arguments_are_terms_of_their_columns() -> None:
    table = FactTable("p", (INTS, FLOATS, objects("a", String("b"))))
    assert [table.constant(0, i) for i in range(3)] == [Number(1), Number(1.0), Atom("a")]
    assert [table.constant(1, i) for i in range(3)] == [Number(2), Number(2.5), String("b")]
    assert len(table) == 2


def test_arrays_are_copies_that_nobody_changes() -> None:
    column = np.array([1, 2])
    table = FactTable("p", (column,), np.array([0.5, 1.0]))
    column[0] = 7
    assert table.columns[0].tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        table.columns[0][0] = 7
    assert column.tolist() == [7, 2]


def test_tables_are_equal_by_what_they_hold() -> None:
    table = FactTable("p", (INTS, objects("a", "b")), np.array([0.5, 1.0]), "here")
    same = FactTable("p", (INTS.copy(), objects("a", "b")), np.array([0.5, 1.0]), "there")
    assert table == same
    assert hash(table) == hash(same)
    assert pickle.loads(pickle.dumps(table)) == table
    others = [
        FactTable("q", table.columns, table.probabilities),
        FactTable("p", table.columns),
        FactTable("p", table.columns[:1], table.probabilities),
        FactTable("p", (INTS, objects("a", String("b"))), table.probabilities),
        FactTable("p", (INTS.astype(float), table.columns[1]), table.probabilities),
        FactTable("p", table.columns, np.array([0.5, 0.5])),
    ]
    assert all(table != other for other in others)
    assert FactTable("p", (np.array([0.0]),)) != FactTable("p", (np.array([-0.0]),))


@pytest.mark.parametrize(
    "columns",
    [
        (),
        (np.array([[1]]),),
        (np.array([1], np.int32),),
        (np.array([True]),),
        (objects("a", 1),),
        (objects("a", np.str_("b")),),
        (INTS, np.array([1])),
    ],
)
def test_arrays_that_do_not_fit_are_refused(columns: tuple[np.ndarray, ...]) -> None:
    with pytest.raises(nesy.NesyError) as caught:
        FactTable("p", columns)
    assert caught.value.code == "malformed-fact-table"


def test_names_are_checked() -> None:
    with pytest.raises(nesy.NesyError) as caught:
        FactTable("", (INTS,))
    assert caught.value.code == "malformed-fact-table"
    with pytest.raises(nesy.NesyError) as caught:
        FactTable("is", (INTS, INTS))
    assert caught.value.code == "redefined-builtin"


@pytest.mark.parametrize("wrong", [-0.1, 1.0000001, np.nan, np.inf])
def test_probabilities_are_checked(wrong: float) -> None:
    with pytest.raises(nesy.NesyError) as caught:
        FactTable("p", (INTS,), np.array([0.0, wrong]))
    assert caught.value.code == "fact-probability"
    assert "row 1" in caught.value.message


def test_as_many_probabilities_as_rows() -> None:
    with pytest.raises(nesy.NesyError) as caught:
        FactTable("p", (INTS,), np.array([0.5]))
    assert caught.value.code == "malformed-fact-table"
