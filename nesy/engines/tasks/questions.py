"""The circuits that tasks need: one for each set of outputs that is observed, compiled when first needed."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import final

from nesy.circuit.circuit import Circuit
from nesy.circuit.layers import Layers, lower
from nesy.circuit.passes.smooth import Smooth
from nesy.circuit.passes.trimming import trimmed
from nesy.compile.cache import cached
from nesy.compile.compiler import compile_roots
from nesy.compile.relations import compile_joint, compile_values
from nesy.compile.source import Draft
from nesy.logic.program import GroundProgram, Output
from nesy.logic.under_way import stage


@final
@dataclass(frozen=True)
class Compiled:
    """A program's circuit: a root for each value of each output, and last the condition.

    The variables are the symbols, then the observed outputs.
    """

    circuit: Circuit

    @cached_property
    def layers(self) -> Layers:
        """All roots in layers."""
        return lower(self.circuit)

    @cached_property
    def worlds(self) -> Circuit:
        """The condition alone: the worlds there are."""
        return trimmed(replace(self.circuit, roots=self.circuit.roots[-1:]))

    @cached_property
    def world_layers(self) -> Layers:
        """The condition in layers."""
        return lower(self.worlds)

    @cached_property
    def whole_worlds(self) -> Circuit:
        """The condition where every branch speaks of every variable."""
        return Smooth(whole=True).run(self.worlds)


@final
class Questions:
    """A ground program, and the circuits compiled for it so far."""

    def __init__(self, program: GroundProgram, memory: int | None = None) -> None:
        self.program = program
        self._memory = memory
        self._compiled: dict[tuple[int, ...], Compiled] = {}

    def observing(self, outputs: tuple[int, ...]) -> Compiled:
        """The circuit in which these outputs are observed; which values, its inputs say.

        Raises `CompilationError` (out-of-memory). Cost: that of compiling, the first time.
        """
        found = self._compiled.get(outputs)
        if found is None:
            with self._compiling():
                circuit = self._values(outputs) if outputs else self._unobserved()
            found = self._compiled[outputs] = Compiled(circuit)
        return found

    @cached_property
    def joint(self) -> Compiled:
        """The circuit in which all outputs are observed, with no root but the condition."""
        with self._compiling():
            circuit = cached(
                self.program,
                "joint",
                "native",
                lambda: compile_joint(self.program, unobserved=False, memory=self._memory),
            )
        return Compiled(replace(circuit, roots=circuit.roots[:1]))

    def some_value(self, output: int, observed: tuple[int, ...]) -> Circuit:
        """Two roots over the variables of `observing`: an output has a value at all; the condition."""
        draft = Draft(self.program)
        condition = self._condition(draft, observed)
        some = draft.disjunction(self.program.outputs[output].literals)
        return self._made(draft, [draft.conjunction([some, *condition]), draft.conjunction(condition)])

    def _compiling(self) -> AbstractContextManager[None]:
        return stage("compiling", lambda: f"{len(self.program.graph):,} nodes")

    def _unobserved(self) -> Circuit:
        return cached(
            self.program, "values", "native", lambda: compile_values(self.program, memory=self._memory)
        )

    def _values(self, observed: tuple[int, ...]) -> Circuit:
        draft = Draft(self.program)
        condition = self._condition(draft, observed)
        values = [x for o in self.program.outputs for x in o.literals]
        roots = [draft.conjunction([x, *condition]) for x in values]
        return self._made(draft, [*roots, draft.conjunction(condition)])

    def _condition(self, draft: Draft, observed: tuple[int, ...]) -> list[int]:
        relations = [_relation(draft, self.program.outputs[i]) for i in observed]
        return [*self.program.condition, *relations]

    def _made(self, draft: Draft, roots: list[int]) -> Circuit:
        return compile_roots(
            lambda fast: draft.source(roots, fast=fast), draft.sizes, draft.edges, self._memory
        )


def _relation(draft: Draft, output: Output) -> int:
    """A new variable takes a value that holds of the output."""
    variable = draft.variable(len(output.domain))
    cases = [draft.conjunction([draft.leaf(variable, v), x]) for v, x in enumerate(output.literals)]
    return draft.disjunction(cases)
