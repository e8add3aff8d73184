"""Facts from files of separated values, read whole before anything is made of them."""

from __future__ import annotations

import csv as reading
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import final

from nesy.errors import DataError, Source, Span
from nesy.language.fact_sources.raw import RawTable
from nesy.language.files import read_text


@final
@dataclass(frozen=True)
class CsvFile:
    """A file of separated values as a source of facts: see `csv`."""

    path: Path
    header: bool = True
    delimiter: str | None = None


def csv(path: str | os.PathLike[str], *, header: bool = True, delimiter: str | None = None) -> CsvFile:
    """A file of separated values as a source of facts, where its path alone does not say enough.

    header: whether the first line names the columns.
    delimiter: what parts values, one character; by default a tab in files named `.tsv`, else a comma.
    Cost: none; the file is read where facts are asked for.
    """
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise DataError("malformed-csv", f"{delimiter!r} cannot part values", hint="give one character")
    return CsvFile(Path(os.fspath(path)), header, delimiter)


def read_csv(file: CsvFile) -> RawTable:
    """The columns of a file in UTF-8; blank lines are passed over.

    Raises `DataError` (malformed-csv: a quote left open, a row of another length than the first; file
    mistakes as rule files have them). Cost: O(size); some 3 seconds for a million rows of three values.
    """
    path, header = file.path, file.header
    between = file.delimiter or ("\t" if path.suffix == ".tsv" else ",")
    text = _Text(Source(str(path), read_text(path)), between)
    rows = text.rows()
    if not rows:
        raise DataError(
            "malformed-csv", f"`{path}` is empty", hint="put the names of the columns in the first line"
        )
    width = len(rows[0])
    if set(map(len, rows)) != {width}:
        record = next(i for i, row in enumerate(rows) if len(row) != width)
        where, span = text.place(record, None)
        what = f"{where}: {_values(len(rows[record]))}, where the first line has {width}"
        raise DataError("malformed-csv", what, span=span, hint="quote values that hold the delimiter")
    names = tuple(name.strip() for name in rows.pop(0)) if header else None
    columns = [[row[i] for row in rows] for i in range(width)]
    before = 0 if names is None else 1
    return RawTable(str(path), names, columns, True, lambda row, column: text.place(row + before, column))


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count} values"


@final
@dataclass(frozen=True)
class _Text:
    """A file's text, and where its records stand in it. Records are its lines, except within quotes."""

    source: Source
    delimiter: str

    def rows(self) -> list[list[str]]:
        reader = reading.reader(
            io.StringIO(self.source.text, newline=""), delimiter=self.delimiter, strict=True
        )
        try:
            return [row for row in reader if row]
        except reading.Error as problem:
            raise DataError(
                "malformed-csv",
                f"{self.source.name}: {problem}",
                span=self._line(reader.line_num),
                hint="is a quote left open above?",
            ) from None

    def place(self, record: int, column: int | None) -> tuple[str, Span | None]:
        """The line of a record, and the span of one of its values, or of all."""
        for number, (first, last) in enumerate(self._lines()):
            if number == record:
                span = self._line(first)
                return f"line {first}", span if column is None or first != last else self._value(span, column)
        raise AssertionError("the record was read a moment ago")

    def _lines(self) -> Iterator[tuple[int, int]]:
        """The first and last line of each record."""
        reader = reading.reader(
            io.StringIO(self.source.text, newline=""), delimiter=self.delimiter, strict=True
        )
        before = 0
        for row in reader:
            if row:
                yield before + 1, reader.line_num
            before = reader.line_num

    def _line(self, line: int) -> Span:
        start = self.source.offset(line)
        return Span(self.source, start, start + len(self.source.line_text(line)))

    def _value(self, line: Span, column: int) -> Span:
        """A value's place in its line; all of the line where quotes hide where values part."""
        if '"' in line.text:
            return line
        parts = line.text.split(self.delimiter)
        start = line.start + sum(len(part) + len(self.delimiter) for part in parts[:column])
        return Span(line.source, start, start + len(parts[column]))
