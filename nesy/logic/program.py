"""The ground program: symbols, the AND-OR graph over them, and what is asked of it.

This is the triple every engine sees: symbols, program, outputs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Union, final

from nesy.errors import Span
from nesy.logic.graph import Graph, Lit

Value = Union[int, float, str]
"""A value as users see it: numbers as numbers, every other term as its canonical text."""


@final
@dataclass(frozen=True, slots=True)
class InputRef:
    """An input of a network, as the rules name it.

    That is a tensor of the user's (`a`, `a(3)`, `board(2,5)`), another network's tensor, or a number.
    """

    name: str
    index: tuple[Value, ...] = ()
    network: NetworkCall | None = None
    """Set when the input is the tensor that another network gives; `name` is then that network's."""
    number: int | float | None = None
    """Set when the input is a number of the rules' own; `name` is then its text."""

    def __str__(self) -> str:
        return f"{self.name}({','.join(map(str, self.index))})" if self.index else self.name


@final
@dataclass(frozen=True, slots=True)
class NetworkCall:
    """One evaluation of a network on one tuple of inputs.

    The hash is computed once: networks may feed networks thousands of levels deep.
    """

    network: str
    inputs: tuple[InputRef, ...]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.network, self.inputs)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[NetworkCall], tuple[str, tuple[InputRef, ...]]]:
        # Another process hashes strings differently: a copy computes its own hash.
        return NetworkCall, (self.network, self.inputs)


@final
@dataclass(frozen=True, slots=True)
class Symbol:
    """A finite-domain random variable.

    values: one label per value. A probabilistic fact has ("false", "true"); an annotated disjunction
    has one value per head, and "none" when its probabilities sum to less than 1.
    prior: one probability per value, or None where a network gives them.
    learnable: the prior is only where learning begins.
    """

    name: str
    values: tuple[str, ...]
    prior: tuple[float, ...] | None = None
    call: NetworkCall | None = None
    span: Span | None = field(default=None, compare=False, repr=False)
    learnable: bool = False


@final
@dataclass(frozen=True, slots=True)
class Output:
    """A finite-domain variable that a template names: value i holds where `literals[i]` does."""

    name: str
    domain: tuple[Value, ...]
    literals: tuple[Lit, ...] = field(repr=False)


@final
@dataclass(frozen=True)
class GroundProgram:
    """Symbols, an acyclic AND-OR graph over them, outputs, and the condition every world must meet.

    graph: free of cycles; children come before parents.
    condition: literals that must all hold (evidence and integrity constraints).
    families: groups of nodes that grounding expects to exclude one another (the answers of one call
    that differ in one argument). They are candidates: whoever uses one proves it first.
    observed: where the condition is written: evidence and constraints.
    given: how many of the last outputs are not asked for, but may be observed example by example.
    """

    symbols: tuple[Symbol, ...]
    graph: Graph
    outputs: tuple[Output, ...] = ()
    condition: tuple[Lit, ...] = ()
    families: tuple[tuple[Lit, ...], ...] = ()
    observed: tuple[Span, ...] = field(default=(), compare=False, repr=False)
    given: int = 0

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Where each symbol's values start among the V columns of beliefs; one more entry holds V."""
        return (0, *accumulate(len(s.values) for s in self.symbols))

    @property
    def width(self) -> int:
        """V: the number of values of all symbols, the width of a beliefs tensor."""
        return self.offsets[-1]
