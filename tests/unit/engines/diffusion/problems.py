"""Ground programs whose symbols are read by networks, and the truth about them by listing every world."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import torch
from torch import Tensor

from nesy.logic.graph import Graph
from nesy.logic.program import GroundProgram, InputRef, NetworkCall, Output, Symbol


def read_by_network(program: GroundProgram) -> GroundProgram:
    """The same program, each of whose symbols a network reads."""
    symbols = [
        replace(symbol, call=NetworkCall("net", (InputRef(symbol.name),))) for symbol in program.symbols
    ]
    return GroundProgram(tuple(symbols), program.graph, program.outputs, program.condition)


def exclusive_or() -> GroundProgram:
    """Two bits that a network reads, and whether they differ."""
    graph = Graph()
    different = graph.disjunction(graph.conjunction([graph.leaf(0, v), graph.leaf(1, 1 - v)]) for v in (0, 1))
    bits = tuple(Symbol(name, ("0", "1")) for name in "ab")
    output = Output("different", ("false", "true"), (type(different)(-different), different))
    return read_by_network(GroundProgram(bits, graph, (output,)))


def normalised(program: GroundProgram, scores: Tensor) -> Tensor:
    """(B, V): the beliefs that scores are the logits of."""
    blocks = [scores[:, a:b].log_softmax(dim=1) for a, b in pairwise(program.offsets)]
    return torch.cat(blocks, dim=1)


def every_world(program: GroundProgram) -> list[tuple[int, ...]]:
    """All worlds, whatever the condition."""
    return list(product(*(range(len(symbol.values)) for symbol in program.symbols)))
