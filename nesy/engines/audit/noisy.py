"""What a program does with concepts where other things are uncertain: a distribution for each combination."""

from __future__ import annotations

import math

import numpy as np

from nesy.compile.relations import compile_joint, compile_values
from nesy.engines.audit.behaviour import Behaviour
from nesy.engines.audit.concepts import Concepts
from nesy.engines.audit.modular import IntArray, drawn, modular_values, prior_modulo, quotients
from nesy.engines.audit.tables import MOST, classes, formula, formulas, same_class, worlds
from nesy.engines.outputs import value_slices
from nesy.errors import EngineError
from nesy.logic.graph import Graph
from nesy.logic.program import GroundProgram

DRAWS = 3
"""How often the joint distribution of several outputs is looked at, each time at random numbers."""


def noisy_behaviour(program: GroundProgram, concepts: Concepts) -> Behaviour:
    """The behaviour of a program in which not only networks are uncertain.

    Two combinations are alike where the outputs have the same distribution given them (and given evidence).
    Probabilities that are to be learned are taken where learning begins.
    Raises `EngineError` (audit-too-large). Cost: compiling; O(edges) for each combination.
    """
    sizes = [len(c.values) for c in concepts.concepts]
    total = math.prod(sizes)
    if total > MOST:
        raise EngineError(
            "audit-too-large",
            f"beside networks other things are uncertain, and the concepts have {total:,} combinations",
            hint=f"audit a smaller instance, of {MOST:,} at most, or the rules without their probabilities",
        )
    inputs = _inputs(program, concepts, worlds(sizes, 0, total))
    found = modular_values(compile_values(program), inputs)
    values, condition = found[:-1], found[-1]
    signature = values if len(program.outputs) == 1 else _joint(program, inputs)
    signature = quotients(signature, np.broadcast_to(condition, signature.shape))
    graph = Graph()
    labels = [formula(graph, row != 0, sizes) for row in values]
    return Behaviour(
        concepts,
        program.outputs,
        graph,
        same_class(graph, classes(signature), sizes),
        formulas(graph, condition != 0, sizes),
        formulas(graph, (values != 0).any(axis=0), sizes),
        tuple(tuple(labels[part]) for part in value_slices(program.outputs)),
        certain=False,
    )


def _inputs(program: GroundProgram, concepts: Concepts, combinations: IntArray) -> IntArray:
    """(V, S): what each value of each symbol weighs in each combination of the concepts."""
    rows: list[IntArray] = []
    for symbol, concept in zip(program.symbols, concepts.of_symbol, strict=True):
        shape = len(symbol.values), len(combinations)
        if concept is None:
            rows.append(np.broadcast_to(np.array(prior_modulo(symbol))[:, None], shape))
        else:
            rows.append((np.arange(shape[0])[:, None] == combinations[:, concept]).astype(np.int64))
    return np.concatenate(rows)


def _joint(program: GroundProgram, inputs: IntArray) -> IntArray:
    """(draws, S): the joint distribution of all outputs, told apart by random weights of their values."""
    circuit = compile_joint(program, unobserved=False)
    random = np.random.default_rng(0)
    draws: list[IntArray] = []
    for _ in range(DRAWS):
        weights = [drawn(len(o.domain), 1, random) for o in program.outputs]
        every = np.broadcast_to(np.concatenate(weights), (sum(map(len, weights)), inputs.shape[1]))
        draws.append(modular_values(circuit, np.concatenate([inputs, every]))[:1])
    return np.concatenate(draws)
