"""The operator table: what stands between, before and behind terms, how tightly, and to which side.

A lower priority binds tighter. The types are Prolog's: `f` is the operator, `x` an argument of
strictly lower priority, `y` one of at most the same: `yfx` groups to the left, `xfy` to the right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Literal, final

OperatorType = Literal["xfx", "xfy", "yfx", "fy", "fx", "xf", "yf"]

ARGUMENT_PRIORITY = 999
"""The loosest term that stands as an argument or list item without parentheses."""
CLAUSE_PRIORITY = 1200
"""The priority of the arrows `:-` and `<-`; everything fits inside parentheses."""

_INFIX_TYPES = ("xfx", "xfy", "yfx")
_PREFIX_TYPES = ("fy", "fx")


@final
@dataclass(frozen=True, slots=True)
class Operator:
    """An operator: its name, type and priority (1 to 1200).

    left_priority: the loosest left operand; -1 for a prefix operator, which has none.
    right_priority: the loosest right operand; -1 for a postfix operator, which has none.
    """

    name: str
    type: OperatorType
    priority: int
    left_priority: int = field(init=False, compare=False, repr=False)
    right_priority: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        before, _, behind = self.type.partition("f")
        object.__setattr__(self, "left_priority", self._loosest(before))
        object.__setattr__(self, "right_priority", self._loosest(behind))

    def _loosest(self, operand: str) -> int:
        return -1 if not operand else self.priority - (operand == "x")


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
    (600, "xfy", ":"),
    (550, "xfx", ".."),
    (500, "yfx", r"+ - /\ \/ xor ><"),
    (400, "yfx", "* / // mod rem div rdiv << >>"),
    (200, "xfx", "**"),
    (200, "xfy", "^"),
    (200, "fy", r"- + \ "),
)

OPERATORS: tuple[Operator, ...] = tuple(
    Operator(name, type_, priority) for priority, type_, names in _TABLE for name in names.split()
)
"""Every operator that needs no directive, from the loosest to the tightest."""

INFIX: Mapping[str, Operator] = MappingProxyType({o.name: o for o in OPERATORS if o.type in _INFIX_TYPES})
PREFIX: Mapping[str, Operator] = MappingProxyType({o.name: o for o in OPERATORS if o.type in _PREFIX_TYPES})

NEGATIONS = frozenset({"\\+", "not"})
r"""Prefix operators whose brackets only group: `\+(a, b)` negates a conjunction."""


@final
@dataclass(frozen=True)
class OperatorTable:
    """The operators in force at one place of a text. Tables are values: a directive makes a new one.

    defined: the names that directives of the text made operators.
    """

    infix: Mapping[str, Operator]
    prefix: Mapping[str, Operator]
    postfix: Mapping[str, Operator]
    defined: frozenset[str] = frozenset()

    def __contains__(self, name: str) -> bool:
        return name in self.infix or name in self.prefix or name in self.postfix

    @cached_property
    def symbols(self) -> frozenset[str]:
        """The defined names that are made of symbol characters: each is read as one token."""
        return frozenset(name for name in self.defined if not (name[0].isalpha() or name[0] == "_"))

    def having(self, operator: Operator) -> OperatorTable:
        """The table with one more operator; priority 0 takes it away."""
        position = _position(operator.type)
        operators = dict(getattr(self, position))
        operators.pop(operator.name, None)
        if operator.priority:
            operators[operator.name] = operator
        changed: dict[str, Mapping[str, Operator]] = {position: MappingProxyType(operators)}
        return replace(self, **changed, defined=self.defined | {operator.name})


def _position(type_: OperatorType) -> str:
    if type_ in _INFIX_TYPES:
        return "infix"
    return "prefix" if type_ in _PREFIX_TYPES else "postfix"


def fixed(operator: Operator) -> Operator | None:
    """The operator of the language that a definition would change; None where it changes none."""
    table = getattr(STANDARD, _position(operator.type))
    found: Operator | None = table.get(operator.name)
    return found


STANDARD = OperatorTable(INFIX, PREFIX, MappingProxyType({}))
"""The operators in force at the start of every text."""
