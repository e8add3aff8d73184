"""Discrete Bayesian networks in the BIF format: found, read, and written as rules."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import final

from nesy.errors import DataError

BESIDE_CHECKOUT = Path(__file__).resolve().parents[3] / "shared" / "data" / "bayesnets"
"""A folder that a shared machine may keep next to the checkout."""

_VARIABLE = re.compile(r"variable\s+(\S+)\s*\{\s*type\s+discrete\s*\[\s*\d+\s*\]\s*\{([^}]*)\}", re.S)
_TABLE = re.compile(r"probability\s*\(([^)]*)\)\s*\{([^}]*)\}", re.S)
_ROW = re.compile(r"(?:\(([^)]*)\)|(table|default))\s*([^;]*);")


@final
@dataclass(frozen=True, slots=True)
class Table:
    """The distribution of one variable for each combination of its parents' values."""

    variable: str
    parents: tuple[str, ...]
    rows: Mapping[tuple[str, ...], tuple[float, ...]]


@final
@dataclass(frozen=True, slots=True)
class BayesianNetwork:
    """values: of each variable, in the file's order. tables: one for each variable."""

    name: str
    values: Mapping[str, tuple[str, ...]]
    tables: tuple[Table, ...]

    def rules(self) -> str:
        """An annotated disjunction for each row of each table; the query is every value of every variable.

        Variable X has value v where `value('X','v')` holds.
        """
        lines = [line for table in self.tables for line in self._disjunctions(table)]
        return "\n".join([*lines, "query(value(_, _)).", ""])

    def _disjunctions(self, table: Table) -> list[str]:
        lines = []
        for given, row in table.rows.items():
            heads = zip(_exact(row), self.values[table.variable], strict=True)
            head = "; ".join(f"{p}::{_atom(table.variable, v)}" for p, v in heads)
            body = ", ".join(_atom(p, v) for p, v in zip(table.parents, given, strict=True))
            lines.append(f"{head} :- {body}." if body else f"{head}.")
        return lines


def find_network(name: str) -> Path:
    """The file `NAME.bif` or `NAME.bif.gz` of `$NESY_DATA/bayesnets`, or of the folder beside the checkout.

    Raises `DataError` (missing-data).
    """
    home = os.environ.get("NESY_DATA")
    folders = ([Path(home) / "bayesnets"] if home else []) + [BESIDE_CHECKOUT]
    candidates = [folder / f"{name}.bif{end}" for folder in folders for end in (".gz", "")]
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        raise DataError(
            "missing-data",
            f"the Bayesian network {name} is in none of {', '.join(map(str, folders))}",
            hint="set NESY_DATA to a folder whose subfolder bayesnets holds the networks in BIF format",
        )
    return found


def read_network(path: Path) -> BayesianNetwork:
    """The network in a BIF file, gzipped or not.

    Rows may sum to 1 only roughly, as they are printed with few digits: they are normalised.
    Raises `DataError` (corrupt-data) where a table does not fit its variables.
    """
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    values = {name: _names(listed) for name, listed in _VARIABLE.findall(text)}
    tables = tuple(_table(path, values, head, body) for head, body in _TABLE.findall(text))
    if {t.variable for t in tables} != values.keys() or len(tables) != len(values):
        raise _corrupt(path, "it must hold exactly one table for each variable")
    return BayesianNetwork(path.name.split(".")[0], values, tables)


def _table(path: Path, values: Mapping[str, tuple[str, ...]], head: str, body: str) -> Table:
    variable, *parents = _names(head.replace("|", ","))
    if not values.keys() >= {variable, *parents}:
        raise _corrupt(path, f"the table of {variable} names a variable that is not declared")
    rows = {}
    for given, word, numbers in _ROW.findall(body):
        row = tuple(float(x) for x in _names(numbers))
        if word == "default" or len(row) != len(values[variable]) or sum(row) <= 0:
            raise _corrupt(path, f"the table of {variable} must have one probability for each value")
        rows[_names(given)] = tuple(x / sum(row) for x in row)
    if rows.keys() != set(product(*(values[p] for p in parents))):
        raise _corrupt(path, f"the table of {variable} must have one row for each combination of its parents")
    return Table(variable, tuple(parents), rows)


def _names(listed: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in listed.split(",") if word.strip())


def _atom(variable: str, value: str) -> str:
    return f"value('{variable}','{value}')"


def _exact(row: tuple[float, ...]) -> list[str]:
    """Decimals that sum to exactly 1; what rounding leaves goes to the largest."""
    scaled = [round(p * 10**9) for p in row]
    scaled[scaled.index(max(scaled))] += 10**9 - sum(scaled)
    return [f"{p // 10**9}.{p % 10**9:09}" for p in scaled]


def _corrupt(path: Path, reason: str) -> DataError:
    return DataError("corrupt-data", f"{path} is not a Bayesian network in BIF format: {reason}")
