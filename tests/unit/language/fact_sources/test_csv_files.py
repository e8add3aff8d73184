"""CSV files: their values, and the place of each mistake."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nesy
from nesy.language.terms import String


def written(folder: Path, text: str, name: str = "edges.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str, **options: object) -> list[list[object]]:
    """The columns of a file, as lists."""
    table = nesy.facts("edge", written(folder, text), **options)  # type: ignore[arg-type]
    return [column.tolist() for column in table.columns]


def refused(folder: Path, text: str, **options: object) -> nesy.NesyError:
    with pytest.raises(nesy.NesyError) as caught:
        read(folder, text, **options)
    return caught.value


def test_columns_are_typed_by_their_values(tmp_path: Path) -> None:
    text = "a,b,c,d\n1,1,x,x y\n-2,2.5e1, y ,7\n+30,.5,'z',\"q, r\"\n"
    columns = read(tmp_path, text)
    assert columns == [[1, -2, 30], [1.0, 25.0, 0.5], ["x", "y", "'z'"], ["x y", "7", "q, r"]]
    assert [type(c[0]) for c in columns] == [int, float, str, str]


def test_columns_are_typed_as_told(tmp_path: Path) -> None:
    text = "a,b,c\n1,2,3\n4,5,6\n"
    assert read(tmp_path, text, types={"a": "atom", 1: "float", "c": "string"}) == [
        ["1", "4"],
        [2.0, 5.0],
        [String("3"), String("6")],
    ]


def test_columns_are_chosen_by_name_or_place(tmp_path: Path) -> None:
    text = "a,b,c\n1,2,3\n"
    assert read(tmp_path, text, columns=["c", 0]) == [[3], [1]]
    assert read(tmp_path, text, columns=[-1]) == [[3]]


def test_a_column_of_probabilities_is_no_argument(tmp_path: Path) -> None:
    table = nesy.facts("edge", written(tmp_path, "a,p,b\n1,0.25,2\n3,1,4\n"), probability="p")
    assert [c.tolist() for c in table.columns] == [[1, 3], [2, 4]]
    assert table.probabilities is not None
    assert table.probabilities.tolist() == [0.25, 1.0]


def test_header_and_delimiter_are_said_by_the_source(tmp_path: Path) -> None:
    path = written(tmp_path, "1;2\n3;4\n")
    table = nesy.facts("edge", nesy.csv(path, header=False, delimiter=";"), columns=[1])
    assert [c.tolist() for c in table.columns] == [[2, 4]]
    tabs = nesy.facts("edge", written(tmp_path, "a\tb\n1\t2\n", "edges.tsv"))
    assert [c.tolist() for c in tabs.columns] == [[1], [2]]


def test_a_mark_of_byte_order_blank_lines_and_other_line_ends_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    path.write_bytes("\ufeffa,b\r\n1,x\r\n\r\n2,y\r\n".encode())
    table = nesy.facts("edge", path, columns=["a", "b"])
    assert [c.tolist() for c in table.columns] == [[1, 2], ["x", "y"]]


def test_a_file_of_names_alone_has_no_facts(tmp_path: Path) -> None:
    table = nesy.facts("edge", written(tmp_path, "a,p\n"), probability="p")
    assert len(table) == 0
    assert table.probabilities is not None


@pytest.mark.parametrize(
    ("text", "options", "code", "line", "column"),
    [
        ("a,p\n1,0.5\n2,1.5\n", {"probability": "p"}, "fact-probability", 3, 3),
        ("a,p\n1,nan\n", {"probability": "p"}, "bad-value", 2, 3),
        ("a,p\n1,\n", {"probability": "p"}, "missing-value", 2, 3),
        ("a,b\n1,x\n\n2x,y\n", {}, "bad-value", 4, 1),
        ("a,b\n1,x\n2, \n", {}, "missing-value", 3, 3),
        ("a\n1\n1_0\n", {}, "bad-value", 3, 1),
        ("a\n1\n99999999999999999999\n", {}, "bad-value", 3, 1),
        ("a\n1.0\n1e999\n", {}, "bad-value", 3, 1),
        ("a\n1.5\n", {"types": {"a": "int"}}, "bad-value", 2, 1),
        ("a\n" + "9" * 5000 + "\n", {}, "bad-value", 2, 1),
        ("a,b\n1,2\n3\n", {}, "malformed-csv", 3, 1),
        ("a,b\n1,2,3\n", {}, "malformed-csv", 2, 1),
        ('a,b\n1,"2\n', {}, "malformed-csv", 2, 1),
        ('a,b\n"1\n2",3\n4,x\n', {"types": {"b": "int"}}, "bad-value", 4, 3),
        ('a,b\n"x, y",\n', {}, "missing-value", 2, 1),
    ],
)
def test_a_mistake_is_found_where_it_stands(
    tmp_path: Path, text: str, options: dict[str, object], code: str, line: int, column: int
) -> None:
    error = refused(tmp_path, text, **options)
    assert error.code == code
    assert error.span is not None
    assert error.span.source.name.endswith("edges.csv")
    assert (error.span.line, error.span.column) == (line, column)
    assert error.hint


def test_unknown_columns_come_with_the_ones_there_are(tmp_path: Path) -> None:
    error = refused(tmp_path, "source,target\n1,2\n", columns=["sourc"])
    assert (error.code, error.hint) == ("unknown-column", "did you mean source?")
    assert refused(tmp_path, "a,a\n1,2\n", columns=["a"]).code == "unknown-column"
    assert refused(tmp_path, "a,b\n1,2\n", columns=[2]).code == "unknown-column"
    assert refused(tmp_path, "a,b\n1,2\n", types={"a": "integer"}).code == "unknown-column-type"


def test_files_that_cannot_be_read_are_told_apart(tmp_path: Path) -> None:
    assert refused(tmp_path, "").code == "malformed-csv"
    for path, code in [
        (tmp_path / "absent.csv", "file-not-found"),
        (tmp_path / "edges.xls", "unknown-fact-source"),
    ]:
        with pytest.raises(nesy.NesyError) as caught:
            nesy.facts("edge", path)
        assert caught.value.code == code
    (tmp_path / "latin.csv").write_bytes(b"a\n\xff\n")
    with pytest.raises(nesy.NesyError) as caught:
        nesy.facts("edge", tmp_path / "latin.csv")
    assert caught.value.code == "not-text"
    with pytest.raises(nesy.NesyError):
        nesy.csv("a.csv", delimiter=";;")


def test_nothing_is_kept_of_a_file_with_a_mistake(tmp_path: Path) -> None:
    program = nesy.parse(":- dynamic edge/2. query(edge(_, _)).")
    with pytest.raises(nesy.NesyError):
        nesy.with_facts(program, "edge", written(tmp_path, "a,b\n1,2\n3,\n"))
    assert program.facts == ()


def test_many_rows_keep_their_values(tmp_path: Path) -> None:
    rows = "\n".join(f"{i},n{i % 7},{i / 10}" for i in range(20_000))
    table = nesy.facts("e", written(tmp_path, f"a,b,c\n{rows}\n"))
    assert table.columns[0].dtype == np.int64
    assert table.columns[0].tolist() == list(range(20_000))
    assert table.columns[2][12_345] == 1234.5
