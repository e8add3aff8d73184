"""Evaluation by PySDD (pip `PySDD`): weighted counts with all derivatives; its diagrams as circuits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

from pysdd.sdd import SddManager, WmcManager

from nesy.circuit.builder import ONE, ZERO, CircuitBuilder
from nesy.circuit.circuit import Circuit


@final
class Diagram:
    """A CNF as a sentential decision diagram, with a weight for each literal."""

    def __init__(self, dimacs: str, variables: int) -> None:
        self._manager, self._root = SddManager.from_cnf_string(dimacs)
        self._root.ref()
        self._variables = variables
        self._counter = WmcManager(self._root, log_mode=True)

    def weigh(self, logs: Sequence[float]) -> None:
        """Log-weights of the literals -1, 1, -2, 2, and so on."""
        for variable in range(1, self._variables + 1):
            for place, literal in ((2 * variable - 2, -variable), (2 * variable - 1, variable)):
                self._counter.set_literal_weight(self._manager.literal(literal), logs[place])

    def propagate(self) -> float:
        """The logarithm of the weighted count; the derivatives by all literals are computed with it."""
        return float(self._counter.propagate())

    def posterior(self) -> list[float]:
        """The log-probabilities of the literals -1, 1, -2, 2, and so on, given the CNF."""
        literals = [sign * v for v in range(1, self._variables + 1) for sign in (-1, 1)]
        return [float(self._counter.literal_pr(self._manager.literal(x))) for x in literals]

    def circuit(self) -> Circuit:
        """The diagram, element by element: literal -v is input 2 * v - 2, literal v the next."""
        builder = CircuitBuilder()
        made: dict[int, int] = {}
        stack: list[tuple[Any, bool]] = [(self._root, False)]
        while stack:
            node, ready = stack.pop()
            if node.id in made:
                continue
            if ready:
                made[node.id] = builder.sum(
                    builder.product([made[p.id], made[s.id]]) for p, s in node.elements()
                )
            elif node.is_decision():
                stack.append((node, True))
                stack += [(child, False) for element in node.elements() for child in element]
            elif node.is_literal():
                made[node.id] = builder.input(2 * abs(node.literal) - 1 - (node.literal < 0))
            else:
                made[node.id] = ONE if node.is_true() else ZERO
        return builder.build([made[self._root.id]], [2] * self._variables)
