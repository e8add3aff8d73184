"""An operator under construction: which register holds which variable, and the program so far."""

from __future__ import annotations

from typing import final

from nesy.grounding.relational import layout
from nesy.grounding.relational.draft import Operator, Relation, Step
from nesy.grounding.relational.fragment import OutsideFragmentError
from nesy.grounding.relational.values import Values
from nesy.grounding.terms import TermId, TermStore


@final
class Registers:
    """The registers of one operator: its left row's values, its right row's, then what is computed."""

    def __init__(self, store: TermStore, values: Values, left: Relation) -> None:
        self.operator = Operator(layout.EXTEND, left)
        self._store = store
        self._values = values
        self._places: dict[TermId, int] = {}
        self._constants: dict[int, int] = {}
        # Registers of rows come first; how many is known once the right relation is.
        self._next = left.stride

    @property
    def met(self) -> bool:
        """Whether the operator has met its right relation or range already."""
        return self.operator.kind != layout.EXTEND

    @property
    def untouched(self) -> bool:
        """Whether the operator is so far nothing but its left rows."""
        return not (self.met or self.operator.before)

    @property
    def _program(self) -> list[Step]:
        return self.operator.after if self.met else self.operator.before

    def meet(self, kind: int, right: Relation | None, width: int) -> int:
        """Make the operator one of another kind; the first of the `width` registers of its right rows."""
        assert not self.met
        self._shift(width)
        self.operator.kind, self.operator.right = kind, right
        return self.operator.left.stride

    def _shift(self, width: int) -> None:
        """Move what was computed before up by `width`, to make room for the right row's registers."""
        base = self.operator.left.stride

        def moved(register: int) -> int:
            return register + width if register >= base else register

        self._places = {v: moved(r) for v, r in self._places.items()}
        self._constants = {v: moved(r) for v, r in self._constants.items()}
        self.operator.before = [
            (op, to if op >= layout.LESS else moved(to), a if op == layout.CONSTANT else moved(a), moved(b))
            for op, to, a, b in self.operator.before
        ]
        self.operator.keys = [moved(k) for k in self.operator.keys]
        self._next += width

    def bound(self, term: TermId) -> bool:
        """Whether a term, a variable or ground, has a value here."""
        return term in self._places if term < 0 else self._store.is_ground(term)

    def bind(self, variable: TermId, register: int) -> None:
        """Say where a variable's value is."""
        self._places[variable] = register

    def of(self, term: TermId) -> int:
        """The register of a bound variable or ground term. Raises `OutsideFragmentError` for others."""
        if term < 0:
            if term not in self._places:
                raise OutsideFragmentError("a variable that nothing has bound")
            return self._places[term]
        if not self._store.is_ground(term):
            raise OutsideFragmentError("a compound term with variables")
        return self.constant(self._values.value(term))

    def constant(self, value: int) -> int:
        """A register that holds a value."""
        if value not in self._constants:
            self._constants[value] = self._new()
            self._program.append((layout.CONSTANT, self._constants[value], value, 0))
        return self._constants[value]

    def calculate(self, operation: int, a: int, b: int) -> int:
        """A register that holds the result of an operation."""
        result = self._new()
        self._program.append((operation, result, a, b))
        return result

    def check(self, operation: int, a: int, b: int) -> None:
        """Go on only where a comparison of two registers holds."""
        self._program.append((operation, 0, a, b))

    def fail(self) -> None:
        """Never go on."""
        zero = self.constant(0)
        self.check(layout.DIFFERENT, zero, zero)

    def _new(self) -> int:
        self._next += 1
        return self._next - 1
