"""Writes a circuit as a Graphviz drawing."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.formats.names import Names, numbered

_LABELS = {NodeKind.ZERO: "0", NodeKind.ONE: "1", NodeKind.SUM: "+", NodeKind.PRODUCT: "*"}


def to_dot(circuit: Circuit, names: Names | None = None) -> str:
    """The text of a `digraph`: sums and products as circles, inputs as boxes `symbol=value`, roots named.

    names: those of variables, values and roots; without them they are numbered.
    Cost: O(nodes and edges); Graphviz itself draws a few thousand nodes well.
    """
    return "\n".join(["digraph circuit {", *_statements(circuit, names or numbered(circuit)), "}", ""])


def _statements(circuit: Circuit, names: Names) -> Iterator[str]:
    labels = [f"{n}={v}" for n, values in zip(names.variables, names.values, strict=True) for v in values]
    yield "  node [shape=circle, fontname=Helvetica];"
    for node, kind in enumerate(circuit.kinds.tolist()):
        if kind == NodeKind.INPUT:
            yield f"  n{node} [shape=box, label={_quoted(labels[circuit.columns[node]])}];"
        else:
            yield f"  n{node} [label={_quoted(_LABELS[kind])}];"
        for child in circuit.children_of(node).tolist():
            yield f"  n{node} -> n{child};"
    for number, (root, name) in enumerate(zip(circuit.roots.tolist(), names.roots, strict=True)):
        yield f"  r{number} [shape=plaintext, label={_quoted(name)}];"
        yield f"  r{number} -> n{root};"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "")
    return f'"{escaped}"'
