"""Clauses with weights, and the DIMACS dialects they are written in.

Weights are read in the three ways model counters use: `c p weight LITERAL WEIGHT 0` (the Model Counting
Competition), `w LITERAL WEIGHT` (Cachet) and `c weights W1 W-1 W2 W-2 ...` (miniC2D).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import final

from nesy.errors import DataError, Source
from nesy.logic.numbered_lines import Line, lines_of

CODE = "malformed-cnf"
"""What a mistake in such a file is called."""

MOST_VARIABLES = 10_000_000
"""Variables that a file may have at most."""

_WEIGHT = re.compile(
    r"[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})(e[+-]?\d{1,3})?|\d{1,400}/\d{1,400}", re.IGNORECASE
)


@final
@dataclass(frozen=True)
class WeightedCnf:
    """Clauses over variables 1 to `variables`, literals as DIMACS writes them.

    weights: for each variable that has any, the weights of (its negative literal, its positive literal);
    both are 1 for all others.
    """

    variables: int
    clauses: tuple[tuple[int, ...], ...] = field(repr=False)
    weights: Mapping[int, tuple[Fraction, Fraction]] = field(default_factory=dict, repr=False)


def read_cnf(text: str, name: str = "<cnf>") -> WeightedCnf:
    """The clauses and weights of a DIMACS text.

    A weight given for one literal alone makes the other's what is missing to 1. In Cachet's way, -1 makes
    both 1. Raises `DataError` with the line: malformed-cnf, negative-weight, projected-cnf.
    Cost: O(size of the text).
    """
    reader = _Reader()
    for line in lines_of(Source(name, text), CODE):
        if line.words[0] == "%":
            # The benchmarks of SATLIB end so.
            break
        reader.take(line)
    return reader.finished(name)


@final
class _Reader:
    """What has been read so far."""

    def __init__(self) -> None:
        self.header: Line | None = None
        self.variables = self.count = 0
        self.clauses: list[tuple[int, ...]] = []
        self.given: dict[int, Fraction] = {}
        self.both_one: set[int] = set()
        self.pairs: Line | None = None
        self.early: list[Line] = []
        self.open: list[int] = []
        self.last: Line | None = None

    def take(self, line: Line) -> None:
        """Take one more line."""
        words = line.words
        weighty = words[0] == "w" or words[:3] == ["c", "p", "weight"]
        if self.header is None and (weighty or words[:3] == ["c", "p", "show"] or words[:2] == ["c", "ind"]):
            # Weights may stand before the line that says how many variables there are.
            self.early.append(line)
        elif words[0] == "p":
            self._begin(line)
        elif weighty:
            self._weight(line, words[1:] if words[0] == "w" else words[3:])
        elif words[:3] == ["c", "p", "show"] or words[:2] == ["c", "ind"]:
            self._projected(line, words[3:] if words[1] == "p" else words[2:])
        elif words[:2] == ["c", "weights"]:
            self.pairs = line
        elif words[0] != "c":
            self._clause(line)

    def finished(self, name: str) -> WeightedCnf:
        """All of it, checked as a whole."""
        if self.header is None:
            raise DataError(CODE, f"`{name}` has no line `p cnf VARIABLES CLAUSES`")
        if self.open and self.last is not None:
            raise self.last.error("the last clause does not end with 0: is the file truncated?")
        if len(self.clauses) != self.count:
            raise self.header.error(f"{self.count} clauses are announced, and there are {len(self.clauses)}")
        if self.pairs is not None:
            self._weigh_pairs(self.pairs)
        weights = {
            v: self._weights(v, self.header) for v in sorted({abs(x) for x in self.given} | self.both_one)
        }
        return WeightedCnf(self.variables, tuple(self.clauses), weights)

    def _begin(self, line: Line) -> None:
        if self.header is not None:
            raise line.error("there is a second line `p cnf`")
        if len(line.words) < 4 or line.words[1] != "cnf":
            raise line.error("a header is `p cnf VARIABLES CLAUSES`")
        counts = line.integers(line.words[2:4])
        if min(counts) < 0 or counts[0] > MOST_VARIABLES:
            raise line.error(f"there can be 0 to {MOST_VARIABLES:,} variables, and not {counts[0]}")
        self.header, (self.variables, self.count) = line, counts
        for early in self.early:
            self.take(early)

    def _clause(self, line: Line) -> None:
        if self.header is None:
            raise line.error("a clause stands before the line `p cnf VARIABLES CLAUSES`")
        for literal in line.integers(line.words):
            if literal == 0:
                self.clauses.append(tuple(self.open))
                self.open = []
            else:
                self._known(line, literal)
                self.open.append(literal)
        self.last = line

    def _known(self, line: Line, literal: int) -> None:
        if not 0 < abs(literal) <= self.variables:
            raise line.error(f"there is no variable {abs(literal)}: there are {self.variables}")

    def _weight(self, line: Line, words: Sequence[str]) -> None:
        if len(words) not in (2, 3) or words[2:] not in ([], ["0"]):
            raise line.error("a weight is `c p weight LITERAL WEIGHT 0` or `w LITERAL WEIGHT`")
        literal = line.integers(words[:1])[0]
        self._known(line, literal)
        if line.words[0] == "w" and words[1] in ("-1", "-1.0"):
            self.both_one.add(abs(literal))
            return
        weight = _number(line, words[1])
        if self.given.setdefault(literal, weight) != weight:
            raise line.error(f"literal {literal} has two weights")

    def _weigh_pairs(self, line: Line) -> None:
        words = line.words[2:]
        if len(words) != 2 * self.variables:
            raise line.error(f"{self.variables} variables need two weights each, not {len(words)} in all")
        for variable in range(1, self.variables + 1):
            self.given[variable] = _number(line, words[2 * variable - 2])
            self.given[-variable] = _number(line, words[2 * variable - 1])

    def _weights(self, variable: int, header: Line) -> tuple[Fraction, Fraction]:
        positive, negative = self.given.get(variable), self.given.get(-variable)
        if positive is None and negative is None:
            return Fraction(1), Fraction(1)
        if positive is None or negative is None:
            one = positive if positive is not None else negative
            rest = 1 - (one or Fraction(0))
            if rest < 0:
                raise header.error(
                    f"variable {variable} has one weight, above 1, so the other would be negative",
                    "give weights for both of its literals",
                )
            positive, negative = (rest, negative) if positive is None else (positive, rest)
        return negative or Fraction(0), positive or Fraction(0)

    def _projected(self, line: Line, words: Sequence[str]) -> None:
        shown = {abs(x) for x in line.integers(words)} - {0}
        if shown != set(range(1, self.variables + 1)):
            raise DataError(
                "projected-cnf",
                "the file asks for a count over some of the variables",
                span=line.error("").span,
                hint="remove the line to count over all of them",
            )


def _number(line: Line, word: str) -> Fraction:
    if not _WEIGHT.fullmatch(word) or (word.count("/") and not word.split("/")[1].strip("0")):
        raise line.error(f"{word[:40]!r} is no weight")
    weight = Fraction(word)
    if weight < 0:
        raise DataError("negative-weight", f"the weight {word} is negative", span=line.error("").span)
    return weight
