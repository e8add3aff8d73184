"""Arithmetic and comparisons as the machine's instructions."""

from __future__ import annotations

from nesy.grounding.relational import layout
from nesy.grounding.relational.fragment import OutsideFragmentError
from nesy.grounding.relational.registers import Registers
from nesy.grounding.rules import BuiltinCall
from nesy.grounding.terms import TermId, TermStore

OPERATIONS: dict[tuple[str, int], int] = {
    ("+", 2): layout.ADD,
    ("-", 2): layout.SUBTRACT,
    ("*", 2): layout.MULTIPLY,
    ("//", 2): layout.DIVIDE,
    ("div", 2): layout.DIVIDE,
    ("mod", 2): layout.MODULO,
    ("min", 2): layout.MINIMUM,
    ("max", 2): layout.MAXIMUM,
    ("abs", 1): layout.ABSOLUTE,
    ("-", 1): layout.NEGATE,
}
"""The functions that give integers for integers."""

COMPARISONS: dict[str, tuple[int, bool]] = {
    "<": (layout.LESS, False),
    ">": (layout.LESS, True),
    "=<": (layout.AT_MOST, False),
    ">=": (layout.AT_MOST, True),
    "=:=": (layout.EQUAL, False),
    "=\\=": (layout.UNEQUAL, False),
}
"""Each comparison's instruction, and whether its sides are exchanged."""

OPPOSITES = {"<": ">=", ">": "=<", "=<": ">", ">=": "<", "=:=": "=\\=", "=\\=": "=:="}

MOST_DEEP = 100
"""Expressions nested deeper than this are left to tabled resolution."""


def builtin(goal: BuiltinCall, registers: Registers, store: TermStore) -> None:
    """Add a built-in goal to the program under way. Raises `OutsideFragmentError`."""
    name, arity = goal.key
    if arity == 0 and name in ("true", "fail", "false"):
        if (name == "true") != goal.positive:
            registers.fail()
        return
    if arity != 2:
        raise OutsideFragmentError(f"{name}/{arity}")
    left, right = goal.args
    if name in COMPARISONS:
        operation, exchanged = COMPARISONS[name if goal.positive else OPPOSITES[name]]
        a, b = (expression(t, registers, store) for t in (left, right))
        registers.check(operation, *((b, a) if exchanged else (a, b)))
    elif name == "is" and goal.positive:
        _assign(left, expression(right, registers, store), registers)
    elif name in ("=", "==", "\\=", "\\=="):
        _identity(name, goal.positive, left, right, registers)
    else:
        raise OutsideFragmentError(f"{name}/{arity}")


def _assign(left: TermId, register: int, registers: Registers) -> None:
    if left < 0 and not registers.bound(left):
        registers.bind(left, register)
    else:
        registers.check(layout.SAME, registers.of(left), register)


def _identity(name: str, positive: bool, left: TermId, right: TermId, registers: Registers) -> None:
    equal = (name in ("=", "==")) == positive
    if name == "=" and positive:
        for free, other in ((left, right), (right, left)):
            if free < 0 and not registers.bound(free):
                registers.bind(free, registers.of(other))
                return
    registers.check(layout.SAME if equal else layout.DIFFERENT, registers.of(left), registers.of(right))


def expression(term: TermId, registers: Registers, store: TermStore, depth: int = 0) -> int:
    """The register that holds the value of an arithmetic term. Raises `OutsideFragmentError`."""
    functor = store.functor(term)
    if functor is None:
        if term >= 0 and not isinstance(store.number_value(term), int):
            raise OutsideFragmentError("arithmetic on other than integers")
        return registers.of(term)
    operation = OPERATIONS.get(functor)
    if operation is None or depth > MOST_DEEP:
        raise OutsideFragmentError(f"arithmetic with {functor[0]}/{functor[1]}")
    operands = [expression(a, registers, store, depth + 1) for a in store.args[term]]
    return registers.calculate(operation, operands[0], operands[-1])
