"""What is compiled for a ground program: the values of its outputs one by one, or their joint relation."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import numpy as np

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.compile.compiler import compile_roots
from nesy.compile.source import Draft
from nesy.compile.task import ImpatientError
from nesy.logic.program import GroundProgram, Output

_SEVERAL = 2
_FIRST_EFFORT = 1 << 20
"""Of compiling values one by one, before the joint relation is tried. See `nesy.compile.task`."""
_JOINTLY = 4
"""How many times the effort the joint relation gets: all of it is one search, and a faster one."""


def compile_values(program: GroundProgram, *, memory: int | None = None) -> Circuit:
    """One root for each value of each output, in order, and last the condition.

    Root k holds where its value and the condition do. The inputs are the V columns of beliefs.
    memory: bytes that compiling may fill; 8 GiB where nothing is said.
    Raises `CompilationError` (out-of-memory). Cost: linear in the graph where it is deterministic and
    decomposable as it stands, else exponential in the width of a tree decomposition, at worst.
    """
    return _values(program, memory, None)


def compile_marginals(program: GroundProgram, *, memory: int | None = None) -> Circuit:
    """What `compile_values` gives, or `compile_joint` of all outputs observed: whichever is done first.

    The joint relation has more variables than the program has symbols. Of one output, the values.
    memory, errors: as for `compile_values`. Cost: a few times that of the faster one.
    """
    if len(program.outputs) < _SEVERAL:
        return _values(program, memory, None)
    effort = _FIRST_EFFORT
    while True:
        with suppress(ImpatientError):
            return _values(program, memory, effort)
        with suppress(ImpatientError):
            return _joint(program, memory, _JOINTLY * effort, unobserved=False)
        effort *= _JOINTLY


def compile_joint(program: GroundProgram, *, unobserved: bool, memory: int | None = None) -> Circuit:
    """Two roots: the joint relation of symbols and outputs under the condition, and the condition.

    The inputs are the V columns of beliefs, then for each output one indicator per value; with
    `unobserved`, one more indicator per output stands for "not observed".
    memory, errors and cost: as for `compile_values`.
    """
    return _joint(program, memory, None, unobserved=unobserved)


def _values(program: GroundProgram, memory: int | None, effort: int | None) -> Circuit:
    draft = Draft(program)
    values = [x for o in program.outputs for x in o.literals]
    roots = [draft.conjunction([x, *program.condition]) for x in values]
    for place, (x, y) in enumerate(pairwise(values)):
        if x == -y and program.condition:
            # With a formula and with its negation: the condition is both together, and costs no search.
            return _with_sum(_compiled(draft, roots, memory, effort), place, place + 1)
    return _compiled(draft, [*roots, draft.conjunction(program.condition)], memory, effort)


def _with_sum(circuit: Circuit, first: int, second: int) -> Circuit:
    """The circuit with one root more: the sum of two, which exclude one another."""
    parts = [r for r in circuit.roots[[first, second]] if circuit.kinds[r] != NodeKind.ZERO]
    if len(parts) < _SEVERAL:
        root = parts[0] if parts else circuit.roots[first]
        return replace(circuit, roots=np.append(circuit.roots, root))
    return Circuit(
        np.append(circuit.kinds, np.int8(NodeKind.SUM)),
        np.append(circuit.columns, -1),
        np.append(circuit.offsets, circuit.edges + _SEVERAL),
        np.append(circuit.children, parts),
        np.append(circuit.roots, circuit.size),
        circuit.domains,
    )


def _joint(program: GroundProgram, memory: int | None, effort: int | None, *, unobserved: bool) -> Circuit:
    draft = Draft(program)
    relation = [_relation(draft, output, unobserved) for output in program.outputs]
    joint = draft.conjunction([*relation, *program.condition])
    return _compiled(draft, [joint, draft.conjunction(program.condition)], memory, effort)


def _relation(draft: Draft, output: Output, unobserved: bool) -> int:
    """The output takes a value that holds, or is not observed."""
    variable = draft.variable(len(output.domain) + unobserved)
    cases = [draft.conjunction([draft.leaf(variable, v), x]) for v, x in enumerate(output.literals)]
    if unobserved:
        cases.append(draft.leaf(variable, len(output.domain)))
    return draft.disjunction(cases)


def _compiled(draft: Draft, roots: Sequence[int], memory: int | None, effort: int | None) -> Circuit:
    return compile_roots(
        lambda fast: draft.source(roots, fast=fast), draft.sizes, draft.edges, memory, effort
    )
