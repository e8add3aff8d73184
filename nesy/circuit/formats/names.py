"""What the variables and roots of a circuit are called: for people who look at a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from nesy.circuit.circuit import Circuit
from nesy.logic.program import GroundProgram


@final
@dataclass(frozen=True, slots=True)
class Names:
    """A name for each variable, one for each of its values, and one for each root."""

    variables: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    roots: tuple[str, ...]

    def misfit(self, circuit: Circuit) -> str | None:
        """What does not fit a circuit, or None. Cost: O(names)."""
        if len(self.variables) != len(circuit.domains) or len(self.values) != len(circuit.domains):
            return f"{len(self.variables)} variables are named, and there are {len(circuit.domains)}"
        if [len(v) for v in self.values] != circuit.domains.tolist():
            return "a variable does not have as many values as are named"
        if len(self.roots) != len(circuit.roots):
            return f"{len(self.roots)} roots are named, and there are {len(circuit.roots)}"
        return None


def names_of_values(program: GroundProgram) -> Names:
    """The names of a circuit that has a root for each value of each output, and last the condition.

    Cost: O(values of all symbols and outputs).
    """
    values = [f"{output.name}={value}" for output in program.outputs for value in output.domain]
    return Names(
        tuple(s.name for s in program.symbols),
        tuple(s.values for s in program.symbols),
        (*values, "condition"),
    )


def numbered(circuit: Circuit) -> Names:
    """Names for a circuit that has none: `x1=0`, and roots by number."""
    sizes = circuit.domains.tolist()
    return Names(
        tuple(f"x{v + 1}" for v in range(len(sizes))),
        tuple(tuple(map(str, range(size))) for size in sizes),
        tuple(f"root {r}" for r in range(len(circuit.roots))),
    )
