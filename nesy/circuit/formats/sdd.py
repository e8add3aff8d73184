"""Reads sentential decision diagrams and their vtrees, as the SDD library and PySDD write them."""

from __future__ import annotations

from collections.abc import Mapping

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.formats.nnf_reading import literal_column, tidied
from nesy.circuit.wellformed import WIDEST
from nesy.circuit.writer import CircuitWriter
from nesy.errors import DataError, Source
from nesy.logic.numbered_lines import Line, lines_of

SDD = "malformed-sdd"
VTREE = "malformed-vtree"


def read_sdd(text: str, name: str = "<sdd>", *, vtree: str | None = None) -> Circuit:
    """The circuit of an SDD file's text; its one root is the file's last node.

    vtree: the text of its vtree. With it, literals are checked against it, and the variables are its own;
    without it they go up to the largest literal. Variable v has two values: 0 is false, 1 is true.
    Raises `DataError` (malformed-sdd, malformed-vtree) with the line. Cost: O(size of the texts).
    """
    leaves = None if vtree is None else read_vtree(vtree)
    lines = _body(text, name, "sdd", SDD)
    writer = CircuitWriter()
    place: dict[int, int] = {}
    largest = 0 if leaves is None else max(leaves.values(), default=0)
    last = 0
    for line in lines:
        numbers = line.integers(line.words[1:])
        if line.words[0] == "L" and len(numbers) == 3:
            _check_literal(line, numbers, leaves)
            largest = max(largest, abs(numbers[2]))
        if not numbers or numbers[0] in place:
            raise line.error("a node needs a number of its own")
        last = place[numbers[0]] = _node(writer, line, numbers, place)
    return tidied(writer, last, largest)


def read_vtree(text: str, name: str = "<vtree>") -> Mapping[int, int]:
    """The variable of each leaf of a vtree. Raises `DataError` (malformed-vtree)."""
    leaves: dict[int, int] = {}
    inner: set[int] = set()
    for line in _body(text, name, "vtree", VTREE):
        match line.words[0], line.integers(line.words[1:]):
            case "L", [number, variable] if variable > 0 and number not in leaves and number not in inner:
                leaves[number] = variable
            case "I", [number, left, right] if number not in leaves and number not in inner:
                if any(n not in leaves and n not in inner for n in (left, right)):
                    raise line.error(f"node {number} stands before a child of its")
                inner.add(number)
            case _:
                raise line.error(
                    "a node is `L NUMBER VARIABLE` or `I NUMBER LEFT RIGHT`, each with its own number"
                )
    if len(set(leaves.values())) != len(leaves):
        raise DataError(VTREE, f"a variable stands twice in the vtree `{name}`")
    return leaves


def _body(text: str, name: str, word: str, code: str) -> list[Line]:
    """The lines after the header, which must count them."""
    lines = [line for line in lines_of(Source(name, text), code) if line.words[0] != "c"]
    if not lines or lines[0].words[0] != word or len(lines[0].words) != 2:
        raise DataError(code, f"`{name}` does not begin with `{word} NODES`")
    count = lines[0].integers(lines[0].words[1:])[0]
    if count != len(lines) - 1 or count < 1:
        raise lines[0].error(f"the header says {count} nodes, and there are {len(lines) - 1}")
    return lines[1:]


def _check_literal(line: Line, numbers: list[int], leaves: Mapping[int, int] | None) -> None:
    variable = abs(numbers[2])
    if not 0 < variable <= WIDEST // 2:
        raise line.error(f"{numbers[2]} is no literal")
    if leaves is not None and leaves.get(numbers[1]) != variable:
        raise line.error(f"the vtree's node {numbers[1]} is not the leaf of variable {variable}")


def _node(writer: CircuitWriter, line: Line, numbers: list[int], place: Mapping[int, int]) -> int:
    match line.words[0], numbers:
        case "F", [_]:
            return writer.node(NodeKind.ZERO)
        case "T", [_]:
            return writer.node(NodeKind.ONE)
        case "L", [_, _, literal]:
            return writer.input(literal_column(literal))
        case "D", [_, _, count, *parts] if count >= 1 and len(parts) == 2 * count:
            if any(p not in place for p in parts):
                raise line.error(f"node {numbers[0]} stands before a part of its")
            elements = zip(parts[::2], parts[1::2], strict=True)
            return writer.node(
                NodeKind.SUM,
                [writer.node(NodeKind.PRODUCT, [place[prime], place[sub]]) for prime, sub in elements],
            )
        case _:
            raise line.error(
                "a node is `F NUMBER`, `T NUMBER`, `L NUMBER VTREE LITERAL` or `D NUMBER VTREE COUNT PAIRS`"
            )
