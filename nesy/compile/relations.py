"""What is compiled for a ground program: the values of its outputs one by one, or their joint relation."""

from __future__ import annotations

from collections.abc import Sequence

from nesy.circuit.builder import CircuitBuilder
from nesy.circuit.circuit import Circuit
from nesy.circuit.properties import verify
from nesy.compile.exclusion import Exclusion
from nesy.compile.importing import Imported, imported
from nesy.compile.topdown import TopDown
from nesy.logic.graph import Lit
from nesy.logic.program import GroundProgram, Output


def compile_values(program: GroundProgram) -> Circuit:
    """One root for each value of each output, in order, and last the condition.

    Root k holds where its value and the condition do. The inputs are the V columns of beliefs.
    """
    roots = [*(x for o in program.outputs for x in o.literals), *program.condition]
    work = imported(program, roots)
    condition = [work.literal(c) for c in program.condition]
    formulas = [
        work.formulas.conjunction([work.literal(x), *condition]) for o in program.outputs for x in o.literals
    ]
    return _compiled(program, work, [*formulas, work.formulas.conjunction(condition)], ())


def compile_joint(program: GroundProgram, *, unobserved: bool) -> Circuit:
    """Two roots: the joint relation of symbols and outputs under the condition, and the condition.

    The inputs are the V columns of beliefs, then for each output one indicator per value; with
    `unobserved`, one more indicator per output stands for "not observed".
    """
    roots = [*(x for o in program.outputs for x in o.literals), *program.condition]
    sizes = [len(o.domain) + unobserved for o in program.outputs]
    work = imported(program, roots, sizes)
    condition = [work.literal(c) for c in program.condition]
    first = len(program.symbols)
    relation = [
        _relation(work, output, work.rank[first + i], unobserved) for i, output in enumerate(program.outputs)
    ]
    joint = work.formulas.conjunction([*relation, *condition])
    return _compiled(program, work, [joint, work.formulas.conjunction(condition)], sizes)


def _relation(work: Imported, output: Output, variable: int, unobserved: bool) -> Lit:
    """The output takes a value that holds, or is not observed."""
    formulas = work.formulas
    if len(output.domain) + unobserved == 1:
        # A variable of one value has no leaf: its only indicator is always 1.
        return work.literal(output.literals[0])
    cases = [
        formulas.conjunction([formulas.leaf(variable, v), work.literal(x)])
        for v, x in enumerate(output.literals)
    ]
    if unobserved:
        cases.append(formulas.leaf(variable, len(output.domain)))
    return formulas.disjunction(cases)


def _compiled(program: GroundProgram, work: Imported, roots: Sequence[int], extra: Sequence[int]) -> Circuit:
    exclusion = Exclusion(work.formulas)
    exclusion.add_families(_families(program, work))
    builder = CircuitBuilder()
    compiler = TopDown(work.formulas, exclusion, builder, work.columns)
    nodes = [compiler.compile(root) for root in roots]
    circuit = builder.build(nodes, [*(len(s.values) for s in program.symbols), *extra])
    # Decided exactly in linear time, so never assumed; determinism is proven in tests, branch by branch.
    verify(circuit, deterministic=False)
    return circuit


def _families(program: GroundProgram, work: Imported) -> list[tuple[int, ...]]:
    """The candidates that the roots reach, and the outputs' own values."""
    candidates = [*program.families, *(o.literals for o in program.outputs)]
    families: dict[tuple[int, ...], None] = {}
    for candidate in candidates:
        reached = {int(work.literal(x)) for x in candidate if abs(x) in work.image}
        members = tuple(sorted(x for x in reached if work.formulas.support(x)))
        if len(members) > 1:
            families[members] = None
    return list(families)
