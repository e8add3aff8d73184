"""The exact probabilities of many yes-or-no outputs, from one circuit."""

from __future__ import annotations

from functools import partial

import numpy as np

from nesy.circuit.circuit import Circuit
from nesy.circuit.layers import lower
from nesy.compile.cache import cached
from nesy.compile.relations import compile_marginals
from nesy.engines.exact import Exact
from nesy.engines.inconsistent import require_consistent
from nesy.engines.inference import Engine, Marginal
from nesy.engines.outputs import marginals_of
from nesy.engines.tasks.flow import flows
from nesy.engines.tasks.forward import FloatArray, evaluated
from nesy.kernels import evaluate
from nesy.kernels.arrays import log_ratio
from nesy.logic.program import GroundProgram
from nesy.logic.under_way import stage


def marginals_together(program: GroundProgram, engine: Engine, beliefs: FloatArray) -> list[Marginal] | None:
    """The marginals of a program's outputs; None where another way is to be taken.

    beliefs: (B, V), log-probabilities in nats. Taken are programs whose outputs are several, each a formula
    or its negation, under our own compiler.
    Raises `SemanticsError` (inconsistent-evidence), `CompilationError` (out-of-memory).
    Cost: compiling, then one pass forward and one backward over the joint relation.
    """
    circuit = circuit_together(program, engine)
    return None if circuit is None else marginals_by(program, circuit, beliefs)


def circuit_together(program: GroundProgram, engine: Engine) -> Circuit | None:
    """The one circuit that `marginals_together` takes; None, and raises, as that does. Cost: compiling."""
    if engine != Exact() or len(program.outputs) < 2 or not _opposed(program):
        return None
    with stage("compiling", lambda: f"{len(program.graph):,} nodes"):
        circuit = cached(program, "marginals", "native", partial(compile_marginals, program))
    require_consistent(program, circuit)
    return circuit


def marginals_by(program: GroundProgram, circuit: Circuit, beliefs: FloatArray) -> list[Marginal]:
    """The marginals of a program's outputs by what `circuit_together` gives. beliefs: (B, V).

    Cost: O(edges * B), forward, and backward where the circuit is the joint relation.
    """
    if len(circuit.domains) == len(program.symbols):
        return _one_by_one(program, circuit, beliefs)
    return _by_derivatives(program, circuit, beliefs)


def _opposed(program: GroundProgram) -> bool:
    """Whether each output is a formula's negation, and the formula: exactly one holds in every world."""
    return all(len(o.literals) == 2 and o.literals[0] == -o.literals[1] for o in program.outputs)


def _one_by_one(program: GroundProgram, circuit: Circuit, beliefs: FloatArray) -> list[Marginal]:
    roots = evaluate(circuit, beliefs.T)
    return marginals_of(program.outputs, log_ratio(roots[:-1], roots[-1:]))


def _by_derivatives(program: GroundProgram, circuit: Circuit, beliefs: FloatArray) -> list[Marginal]:
    """The derivative of the log of the relation with respect to an indicator is its value's probability."""
    indicators = np.zeros((circuit.width - program.width, len(beliefs)))
    layers = lower(circuit)
    values = evaluated(layers, np.concatenate([beliefs.T, indicators]))
    with np.errstate(divide="ignore"):
        found = np.log(np.minimum(1.0, flows(values, layers.roots[:1])[program.width :]))
    found[:, np.isneginf(values.rows[layers.roots[0]])] = -np.inf
    return marginals_of(program.outputs, found)
