"""Facts from pandas frames, Arrow tables and Parquet files."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

import nesy

pandas = pytest.importorskip("pandas", reason="the extra `data` is not installed")
pyarrow = pytest.importorskip("pyarrow", reason="the extra `data` is not installed")
parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `data` is not installed")

VALUES = {"a": [1, 2], "b": ["x", "y"], "p": [0.25, 0.5], "t": [True, False]}
EXPECTED = [[1, 2], ["x", "y"], ["true", "false"]]


def columns(table: nesy.FactTable) -> list[list[object]]:
    return [c.tolist() for c in table.columns]


def refused(source: object, **options: object) -> nesy.NesyError:
    with pytest.raises(nesy.NesyError) as caught:
        nesy.facts("p", source, **options)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize("make", [pandas.DataFrame, pyarrow.table])
def test_frames_and_tables(make: object) -> None:
    table = nesy.facts("p", make(VALUES), probability="p")  # type: ignore[operator]
    assert columns(table) == EXPECTED
    assert table.probabilities is not None
    assert table.probabilities.tolist() == [0.25, 0.5]


def test_parquet_files(tmp_path: Path) -> None:
    parquet.write_table(pyarrow.table(VALUES), tmp_path / "f.parquet")
    table = nesy.facts("p", tmp_path / "f.parquet", probability="p")
    assert columns(table) == EXPECTED
    assert str(tmp_path / "f.parquet") in repr(table)


def test_categories_and_nullable_types_without_missing_values() -> None:
    frame = pandas.DataFrame(
        {"a": pandas.Series(["x", "y"], dtype="category"), "b": pandas.Series([1, 2], dtype="Int64")}
    )
    assert columns(nesy.facts("p", frame)) == [["x", "y"], [1, 2]]


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"a": [1, 2], "b": ["x", None]}, "b"),
        ({"a": [1.0, None], "b": ["x", "y"]}, "a"),
        ({"a": [1, 2], "b": [True, None]}, "b"),
    ],
)
@pytest.mark.parametrize("make", [pandas.DataFrame, pyarrow.table])
def test_missing_values_are_named(make: object, values: dict[str, list[object]], column: str) -> None:
    error = refused(make(values))  # type: ignore[operator]
    assert error.code == "missing-value"
    assert f"row 1, counted from 0, column {column}" in error.message


def test_nullable_integers_stay_integers_up_to_the_missing_one() -> None:
    error = refused(pandas.DataFrame({"a": pandas.Series([1, None], dtype="Int64")}))
    assert error.code == "missing-value"


def test_dates_are_no_arguments() -> None:
    error = refused(pandas.DataFrame({"a": pandas.to_datetime(["2020-01-01"])}))
    assert error.code == "bad-value"


def test_what_is_no_parquet_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f.parquet").write_text("a,b\n")
    assert refused(tmp_path / "f.parquet").code == "unreadable-data"
    assert refused(tmp_path / "absent.parquet").code == "unreadable-data"


def test_a_library_that_is_absent_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def absent(name: str) -> object:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("nesy.language.fact_sources.frames.import_module", absent)
    error = refused(tmp_path / "f.parquet")
    assert error.code == "missing-library"
    assert "pyarrow" in error.message
    assert importlib.import_module("pyarrow") is pyarrow
