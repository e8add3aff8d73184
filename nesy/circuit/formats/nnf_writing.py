"""Writes a circuit as a negation normal form in the format of c2d, which d-DNNF tools read."""

from __future__ import annotations

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.formats.names import Names
from nesy.circuit.formats.one_root import only_root
from nesy.circuit.passes.fold import Fold
from nesy.circuit.passes.smooth import Smooth


def to_nnf(circuit: Circuit, root: int | None = None, names: Names | None = None) -> str:
    """The text of one root: `nnf NODES EDGES VARIABLES`, then a line a node, the root last.

    A variable of two values is one Boolean variable, false for its value 0 and true for 1. Any other is one
    Boolean variable for each value, of which exactly one is true: count its positive literals with
    the weights of the values, its negative ones with 1. With such variables the circuit is smoothed first,
    for a Boolean variable that is left out would be free.
    root: its number; needed where there are several. names: written as comments, `c 3 = digit(a) 2`.
    Raises `DataError` (several-roots). Cost: O(nodes and edges).
    """
    circuit = only_root(circuit, root, names)
    circuit = (Fold() if (circuit.domains == 2).all() else Smooth(whole=True)).run(circuit)
    literals = _literals(circuit)
    lines: list[str] = []
    edges = 0
    place: list[int] = []
    negative: dict[int, int] = {}
    kinds, columns = circuit.kinds.tolist(), circuit.columns.tolist()
    for node, kind in enumerate(kinds):
        if kind == NodeKind.INPUT:
            own = literals[columns[node]]
            below = []
            for literal in own:
                if literal not in negative:
                    negative[literal] = len(lines)
                    lines.append(f"L {literal}")
                below.append(negative[literal])
            if len(below) == 1:
                place.append(below[0])
                continue
        else:
            below = [place[c] for c in circuit.children_of(node).tolist()]
        mark = "O 0" if kind in (NodeKind.SUM, NodeKind.ZERO) else "A"
        place.append(len(lines))
        lines.append(" ".join(map(str, (mark, len(below), *below))))
        edges += len(below)
    last = place[int(circuit.roots[0])]
    if last != len(lines) - 1:
        lines.append(f"A 1 {last}")
        edges += 1
    variables = max((abs(x) for row in literals for x in row), default=0)
    header = f"nnf {len(lines)} {edges} {variables}"
    return "\n".join([*_legend(literals, circuit, names), header, *lines]) + "\n"


def _literals(circuit: Circuit) -> list[list[int]]:
    """For each input column, the Boolean literals that hold where its variable takes its value."""
    result: list[list[int]] = []
    variable = 0
    for size in circuit.domains.tolist():
        if size == 2:
            variable += 1
            result += [[-variable], [variable]]
        else:
            own = range(variable + 1, variable + size + 1)
            result += [[true, *(-other for other in own if other != true)] for true in own]
            variable += size
    return result


def _legend(literals: list[list[int]], circuit: Circuit, names: Names | None) -> list[str]:
    if names is None:
        return []
    labels = [
        (name, value) for name, values in zip(names.variables, names.values, strict=True) for value in values
    ]
    return [
        " ".join(f"c {own[0]} = {name} {value}".split())
        for own, (name, value) in zip(literals, labels, strict=True)
    ]
