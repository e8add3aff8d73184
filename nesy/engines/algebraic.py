"""The value of each query in an algebra: summed over worlds, or, in a fuzzy logic, of the formula itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, final

import numpy as np

from nesy.algebra import Algebra, FuzzyLogic, algebras
from nesy.circuit.circuit import Circuit, IntArray
from nesy.compile.cache import cached
from nesy.compile.relations import compile_values
from nesy.engines.fitting import fitted
from nesy.engines.fuzzy import formulas
from nesy.engines.labels import Labels, labelled
from nesy.engines.solve import TRUE_VALUE, probabilities
from nesy.engines.tasks.names import Names
from nesy.grounding import ground
from nesy.grounding.budget import Budget
from nesy.grounding.ground import ground_rules
from nesy.kernels import reference
from nesy.kernels.layered import evaluate_in
from nesy.kernels.maximising import UNDECIDED, maximising_worlds, not_selective
from nesy.language.syntax import Program
from nesy.logic.program import GroundProgram
from nesy.logic.under_way import stage

Traced = Callable[[int], dict[str, str] | None]
"""From the number of a query to a world that its value comes from."""


@final
class Valuation(Mapping[str, Any]):
    """The value of each query in an algebra, by the canonical text of its atom, in order of the queries.

    Values are Python's: numbers, truth values, and tuples of numbers.
    algebra: its name. condition: the value of all worlds that meet the evidence and the constraints; None
    in a fuzzy logic.
    """

    def __init__(
        self, algebra: str, values: Mapping[str, Any], condition: Any, traced: Traced | None = None
    ) -> None:
        self.algebra = algebra
        self.condition = condition
        self._values = dict(values)
        self._traced = traced

    def world(self, atom: str) -> dict[str, str] | None:
        """A world that the value of a query comes from: the value of each symbol; None where there is none.

        In algebras that choose one: `max-product`, `max-log`, `tropical`, `max-min`. (In `boolean`, symbols
        that may take any value are left out.) Elsewhere raises `EngineError` (not-selective).
        Raises `KeyError` where `atom` is no query. Cost: O(edges), two numpy calls for each.
        """
        place = list(self._values).index(atom) if atom in self._values else None
        if place is None:
            raise KeyError(atom)
        if self._traced is None:
            raise not_selective(self.algebra)
        return self._traced(place)

    def __getitem__(self, atom: str) -> Any:
        return self._values[atom]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        lines = (f"{atom}: {value}" for atom, value in self._values.items())
        return f"Valuation({self.algebra}; {', '.join(lines)})"


def evaluate(
    program: Program,
    algebra: str | Algebra | FuzzyLogic = "real",
    *,
    labels: Labels | None = None,
    budget: Budget | None = None,
) -> Valuation:
    """The value of each query of a program in an algebra or a fuzzy logic.

    In an algebra: the sum, over the worlds in which the query and all evidence hold, of the product of what
    the symbols' values are. In a fuzzy logic: the degree of the query's formula, the rules as they stand.
    algebra: a name (`nesy.algebra.algebras` lists them; `top-K` for any K), or the algebra itself.
    labels: what a value of a symbol is, from the symbol's name, the value, and its probability; by default
    what the algebra makes of the probability.
    budget: the most that grounding may spend.
    Raises `NesyError`: see `ground`; unknown-algebra, needs-networks, no-labels, invalid-label;
    not-commutative; fuzzy-evidence and cyclic-formula in fuzzy logics.
    Cost: grounding; in an algebra also compiling and smoothing; and one evaluation, O(edges) operations of
    the algebra. Loads no torch.
    """
    chosen = algebras.get(algebra) if isinstance(algebra, str) else algebra
    if isinstance(chosen, FuzzyLogic):
        return _degrees(program, chosen, labels, budget)
    grounded = ground(program, evaluate=probabilities, budget=budget)
    inputs = labelled(grounded.symbols, chosen, labels)
    circuit = fitted(values_circuit(grounded), chosen, compiled=True)
    # For a single evaluation, going node by node takes no longer than laying a circuit out, and has no
    # trouble with one of many levels.
    found = reference.evaluate(circuit, inputs, chosen)
    *values, condition = (_plain(row[0], chosen.element_shape) for row in found)
    answers = {o.name: values[2 * i + TRUE_VALUE] for i, o in enumerate(grounded.outputs)}

    def traced(query: int) -> dict[str, str] | None:
        root = 2 * query + TRUE_VALUE
        world = maximising_worlds(circuit, inputs, chosen, root)[:, 0]
        return None if values[root] == chosen.zero else _named(grounded, world)

    return Valuation(chosen.name, answers, condition, traced)


def circuit_values(circuit: Circuit, inputs: Any, algebra: Algebra, *, compiled: bool = False) -> Any:
    """The values of a circuit's roots as sums over worlds, on a batch; the circuit is made what they need.

    inputs: (circuit.width, B, *algebra.element_shape), a numpy array, or a torch tensor.
    compiled: the circuit is known to be decomposable and deterministic.
    Returns (R, B, *algebra.element_shape), as `nesy.kernels.layered.evaluate_in` does. A world says a value
    of every variable, also of those that a root does not mention, if the algebra needs smoothness.
    Raises `EngineError` (not-commutative, not-decomposable, not-deterministic) and what `evaluate_in` does.
    Cost: that of `fitted` and `evaluate_in`. For many batches call `fitted` once.
    """
    return evaluate_in(fitted(circuit, algebra, compiled=compiled), inputs, algebra)


def values_circuit(program: GroundProgram) -> Circuit:
    """A root for each value of each output, and last the condition: compiled, or from the disk cache."""
    with stage("compiling", lambda: f"{len(program.graph):,} nodes"):
        return cached(program, "values", "native", lambda: compile_values(program))


def _degrees(program: Program, logic: FuzzyLogic, labels: Labels | None, budget: Budget | None) -> Valuation:
    found = formulas(ground_rules(program, evaluate=probabilities, budget=budget), logic)
    degrees = found.evaluator.evaluate(labelled(found.symbols, logic, labels))
    answers = {o.name: float(degrees[2 * i + TRUE_VALUE, 0]) for i, o in enumerate(found.outputs)}
    return Valuation(logic.name, answers, None)


def _named(program: GroundProgram, world: IntArray) -> dict[str, str]:
    """A world by the names of symbols and values, without the symbols that are undecided."""
    symbols = Names(program).symbols.items()
    return {
        name: values[v] for (name, values), v in zip(symbols, world.tolist(), strict=True) if v != UNDECIDED
    }


def _plain(value: Any, element_shape: Sequence[int]) -> Any:
    """A value in Python's own numbers."""
    if element_shape:
        found: list[Any] = np.asarray(value).tolist()
        return tuple(found)
    return value.item() if isinstance(value, np.generic) else value
