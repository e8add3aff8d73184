"""The most probable world, given all that is observed."""

from __future__ import annotations

import numpy as np

from nesy.circuit.circuit import IntArray
from nesy.circuit.layers import Group
from nesy.engines.tasks.descent import FREE, descend
from nesy.engines.tasks.forward import evaluated, greatest_terms
from nesy.engines.tasks.given import Given


def most_probable_world(given: Given) -> IntArray:
    """(1, n): the values of the world. Of several such worlds, any one; always the same.

    Cost: O(edges), forward and down.
    """
    given.single("the most probable world")
    given.require_worlds()
    layers = given.compiled.world_layers
    # Relative to its best value, a symbol that is left out counts as what it is then: that value.
    best = np.maximum.reduceat(given.inputs, _starts(given)) if len(given.inputs) else given.inputs
    sizes = given.compiled.worlds.domains
    relative = given.inputs - np.repeat(best, sizes, axis=0)
    values = evaluated(layers, relative, np.ones(layers.rows, dtype=np.bool_))

    def first_best(group: Group, rows: IntArray) -> IntArray:
        return greatest_terms(values, group)[rows]

    found = descend(given.compiled.worlds, layers, int(layers.roots[0]), 1, first_best)
    symbols = found[:, : len(given.program.symbols)]
    offsets = given.program.offsets
    for number in np.flatnonzero(symbols[0] == FREE).tolist():
        symbols[0, number] = given.beliefs[0, offsets[number] : offsets[number + 1]].argmax()
    return symbols


def _starts(given: Given) -> IntArray:
    sizes = given.compiled.worlds.domains
    starts: IntArray = np.cumsum(sizes) - sizes
    return starts
