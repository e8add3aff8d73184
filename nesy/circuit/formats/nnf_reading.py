"""Reads negation normal forms: the format of c2d (`nnf`, `L`, `A`, `O`) and that of d4 (`o`, `a`, `t`, `f`).

Both are over Boolean variables 1 to n. In the circuit, variable v has two values: 0 is false, 1 is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import final

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.passes.pipeline import STANDARD, run_passes
from nesy.circuit.wellformed import WIDEST
from nesy.circuit.writer import CircuitWriter
from nesy.errors import DataError, Source
from nesy.logic.numbered_lines import Line, lines_of

CODE = "malformed-nnf"
"""What a mistake in such a file is called."""

_D4 = {"o": NodeKind.SUM, "a": NodeKind.PRODUCT, "t": NodeKind.ONE, "f": NodeKind.ZERO}


def read_nnf(text: str, name: str = "<nnf>", *, variables: int | None = None) -> Circuit:
    """The circuit of a file's text, in either format; its one root is the file's.

    variables: how many there are; without it, as many as the file tells: c2d's says it, in d4's it is
    the largest that is mentioned.
    What a file promises (decomposable, deterministic) is not checked: see `nesy.circuit.properties.verify`.
    Raises `DataError` (malformed-nnf) with the line. Cost: O(size of the text).
    """
    source = Source(name, text)
    lines = [line for line in lines_of(source, CODE) if line.words[0] != "c"]
    if not lines:
        raise DataError(CODE, f"`{name}` holds no circuit: it has no lines but comments")
    if lines[0].words[0] == "nnf":
        return _read_c2d(lines, variables)
    if lines[0].words[0] in _D4:
        return _read_d4(lines, variables)
    raise lines[0].error(
        f"{lines[0].words[0][:20]!r} begins no circuit",
        "a file of c2d begins with `nnf`, one of d4 with `o`, `a`, `t` or `f`",
    )


def literal_column(literal: int) -> int:
    """The input column of a literal over two-valued variables."""
    return 2 * (abs(literal) - 1) + (literal > 0)


def tidied(writer: CircuitWriter, root: int, variables: int) -> Circuit:
    """What a file says, without constants and duplicates."""
    return run_passes(writer.circuit([root], [2] * variables), STANDARD)


def _read_c2d(lines: Sequence[Line], variables: int | None) -> Circuit:
    counts = lines[0].integers(lines[0].words[1:])
    if len(counts) != 3 or min(counts) < 0:
        raise lines[0].error("a header is `nnf NODES EDGES VARIABLES`")
    total = _checked(lines[0], counts[2] if variables is None else max(variables, counts[2]))
    writer = CircuitWriter()
    place: list[int] = []
    for line in lines[1:]:
        place.append(_c2d_node(writer, line, place, total))
    if len(place) != counts[0]:
        raise lines[-1].error(f"the header says {counts[0]} nodes, and there are {len(place)}")
    if not place:
        raise lines[0].error("there is no node")
    return tidied(writer, place[-1], total)


def _c2d_node(writer: CircuitWriter, line: Line, place: list[int], variables: int) -> int:
    """Write a node. place: where the nodes before it are, by their numbers in the file."""
    kind, *words = line.words
    numbers = line.integers(words)
    match kind, numbers:
        case "L", [literal] if 0 < abs(literal) <= variables:
            return writer.input(literal_column(literal))
        case ("A", [count, *below]) | ("O", [_, count, *below]) if len(below) == count:
            if any(not 0 <= c < len(place) for c in below):
                raise line.error(f"node {len(place)} has a child that does not stand before it")
            children = [place[c] for c in below]
            return writer.node(NodeKind.PRODUCT if kind == "A" else NodeKind.SUM, children)
        case _:
            raise line.error("a node is `L LITERAL`, `A COUNT NODES...` or `O VARIABLE COUNT NODES...`")


@final
@dataclass(slots=True)
class _D4Node:
    """A node of d4's: its edges, each a node below and the literals on the way."""

    kind: NodeKind
    edges: list[tuple[int, list[int]]] = field(default_factory=list)


def _read_d4(lines: Sequence[Line], variables: int | None) -> Circuit:
    nodes: dict[int, _D4Node] = {}
    read: set[int] = set()
    largest = variables or 0
    for line in lines:
        if line.words[0] in _D4:
            _declare(nodes, line)
            continue
        numbers = line.integers(line.words)
        if len(numbers) < 3 or numbers[-1] != 0 or 0 in numbers[:-1]:
            raise line.error("an edge is `NODE NODE LITERALS... 0`")
        above, below, *literals = numbers[:-1]
        missing = [n for n in (above, below) if n not in nodes]
        if missing:
            raise line.error(f"node {missing[0]} has not been declared")
        nodes[above].edges.append((below, literals))
        read.add(below)
        largest = max([largest, *map(abs, literals)])
    _checked(lines[0], largest)
    roots = [n for n in nodes if n not in read]
    if len(roots) != 1:
        raise lines[0].error(f"a circuit has one root, and this one {len(roots)}")
    return _write_d4(nodes, roots[0], largest, lines[0])


def _declare(nodes: dict[int, _D4Node], line: Line) -> None:
    numbers = line.integers(line.words[1:])
    if len(numbers) != 2 or numbers[0] < 1 or numbers[1] != 0:
        raise line.error("a node is `o NUMBER 0`, or `a`, `t` or `f` in its place")
    if numbers[0] in nodes:
        raise line.error(f"there are two nodes {numbers[0]}")
    nodes[numbers[0]] = _D4Node(_D4[line.words[0]])


def _write_d4(nodes: dict[int, _D4Node], root: int, variables: int, first: Line) -> Circuit:
    writer = CircuitWriter()
    place: dict[int, int] = {}
    for number in _bottom_up(nodes, root, first):
        node = nodes[number]
        if node.kind < NodeKind.SUM:
            place[number] = writer.node(node.kind)
            continue
        parts = []
        for below, literals in node.edges:
            leaves = [writer.input(literal_column(x)) for x in literals]
            parts.append(writer.node(NodeKind.PRODUCT, [*leaves, place[below]]))
        place[number] = writer.node(node.kind, parts)
    return tidied(writer, place[root], variables)


def _bottom_up(nodes: dict[int, _D4Node], root: int, first: Line) -> Iterable[int]:
    """The nodes the root reaches, children first."""
    order: list[int] = []
    done: dict[int, bool] = {}
    stack = [(root, False)]
    while stack:
        number, left = stack.pop()
        if left:
            done[number] = True
            order.append(number)
        elif number in done:
            if not done[number]:
                raise first.error(f"node {number} is below itself")
        else:
            done[number] = False
            stack.append((number, True))
            stack.extend((below, False) for below, _ in nodes[number].edges if not done.get(below))
    return order


def _checked(line: Line, variables: int) -> int:
    if variables > WIDEST // 2:
        raise line.error(f"{variables} variables are more than can be")
    return variables
