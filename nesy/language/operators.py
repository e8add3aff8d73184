"""The operator table: what stands between and before terms, how tightly, and to which side.

A lower priority binds tighter. The types are Prolog's: `f` is the operator, `x` an argument of
strictly lower priority, `y` one of at most the same: `yfx` groups to the left, `xfy` to the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

OperatorType = Literal["xfx", "xfy", "yfx", "fy", "fx"]

ARGUMENT_PRIORITY = 999
"""The loosest term that stands as an argument or list item without parentheses."""
CLAUSE_PRIORITY = 1200
"""The priority of the arrows `:-` and `<-`; everything fits inside parentheses."""


@final
@dataclass(frozen=True, slots=True)
class Operator:
    """An operator: its name, type and priority (1 to 1200)."""

    name: str
    type: OperatorType
    priority: int

    @property
    def left_priority(self) -> int:
        """The loosest left operand; -1 for a prefix operator, which has none."""
        if self.type in ("fy", "fx"):
            return -1
        return self.priority if self.type == "yfx" else self.priority - 1

    @property
    def right_priority(self) -> int:
        """The loosest right operand."""
        return self.priority if self.type in ("xfy", "fy") else self.priority - 1


_TABLE: tuple[tuple[int, OperatorType, str], ...] = (
    (1200, "xfx", ":- <-"),
    (1200, "fx", ":-"),
    (1150, "fx", "dynamic discontiguous table"),
    (1100, "xfy", ";"),
    (1050, "xfy", "->"),
    (1000, "xfy", ","),
    (1000, "xfx", "::"),
    (900, "fy", r"\+ not"),
    (700, "xfx", r"= \= == \== @< @> @=< @>= is =:= =\= < =< > >= =.."),
    (550, "xfx", ".."),
    (500, "yfx", r"+ - /\ \/ xor"),
    (400, "yfx", "* / // mod rem div rdiv << >>"),
    (200, "xfx", "**"),
    (200, "xfy", "^"),
    (200, "fy", r"- + \ "),
)

OPERATORS: tuple[Operator, ...] = tuple(
    Operator(name, type_, priority) for priority, type_, names in _TABLE for name in names.split()
)
"""Every operator, from the loosest to the tightest."""

INFIX: dict[str, Operator] = {o.name: o for o in OPERATORS if o.type in ("xfx", "xfy", "yfx")}
PREFIX: dict[str, Operator] = {o.name: o for o in OPERATORS if o.type in ("fx", "fy")}

NEGATIONS = frozenset({"\\+", "not"})
r"""Prefix operators whose brackets only group: `\+(a, b)` negates a conjunction."""
