"""Boxes: for each symbol a set of values; every world in a proof's box proves what the proof proves.

A box is (V,) bytes, 1 where a value is allowed, and (W,) bits that say which symbols are restricted.
Impossible values are in no box. A box weighs the product, over restricted symbols, of the probabilities of
their allowed values together; here in nats. Importing this module loads numba.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.engines.topk.compiled import ENTRY, INNER
from nesy.engines.topk.goal_graph import Nodes
from nesy.engines.topk.rows import copy

FAINT = 1e-290
"""Below this, relative to a symbol's most probable value, sums are done again with a scale of their own."""


class Weights(NamedTuple):
    """One example's beliefs, and what is computed of them once.

    logs: (V,). relative: (V,) the probability over that of the symbol's best value. best: (n,) the log of
    the latter. others: (V,) the log-probability of the symbol's other values together.
    """

    logs: NDArray[np.float64]
    relative: NDArray[np.float64]
    best: NDArray[np.float64]
    others: NDArray[np.float64]


@ENTRY
def empty_weights(symbols: Any, width: Any) -> Any:
    """Room for the weights of an example."""
    return Weights(np.empty(width), np.empty(width), np.empty(symbols), np.empty(width))


@INNER
def weigh(nodes: Nodes, logs: Any, weights: Weights) -> None:
    """Fill in the weights of an example. Cost: O(V), one exponential and one logarithm a value."""
    starts = nodes.starts
    copy(logs, weights.logs)
    for symbol in range(len(starts) - 1):
        low, high = starts[symbol], starts[symbol + 1]
        best = -np.inf
        for column in range(low, high):
            best = max(best, logs[column])
        weights.best[symbol] = best
        total = 0.0
        for column in range(low, high):
            relative = np.exp(logs[column] - best) if best > -np.inf else 0.0
            weights.relative[column] = relative
            total += relative
        for column in range(low, high):
            rest = total - weights.relative[column]
            if rest > 0.5:
                weights.others[column] = best + np.log(rest)
            else:
                weights.others[column] = _sum_but(weights, low, high, column)


@INNER
def _sum_but(weights: Weights, low: Any, high: Any, left_out: Any) -> Any:
    """The log of the sum over all but one of some columns, without cancellation."""
    best = -np.inf
    for column in range(low, high):
        if column != left_out:
            best = max(best, weights.logs[column])
    if best == -np.inf:
        return best
    total = 0.0
    for column in range(low, high):
        if column != left_out:
            total += np.exp(weights.logs[column] - best)
    return best + np.log(total)


@INNER
def mass(nodes: Nodes, weights: Weights, box: Any, symbol: Any) -> Any:
    """The log of the probability of a symbol's allowed values; -inf where none is."""
    low, high = nodes.starts[symbol], nodes.starts[symbol + 1]
    count, last, total = 0, low, 0.0
    for column in range(low, high):
        if box[column]:
            count += 1
            last = column
            total += weights.relative[column]
    if count == 0:
        return -np.inf
    if count == 1:
        return weights.logs[last]
    if total > FAINT:
        return weights.best[symbol] + np.log(total)
    best = -np.inf
    for column in range(low, high):
        if box[column]:
            best = max(best, weights.logs[column])
    total = 0.0
    for column in range(low, high):
        if box[column]:
            total += np.exp(weights.logs[column] - best)
    return best + np.log(total)


@INNER
def is_restricted(restricted: Any, symbol: Any) -> Any:
    """Whether a bit is set."""
    return (restricted[symbol >> 6] >> np.uint64(symbol & 63)) & np.uint64(1) != np.uint64(0)


@INNER
def mark(restricted: Any, symbol: Any) -> None:
    """Set a bit."""
    restricted[symbol >> 6] |= np.uint64(1) << np.uint64(symbol & 63)


@INNER
def restrict(nodes: Nodes, weights: Weights, box: Any, restricted: Any, leaf: Any, negated: Any) -> Any:
    """Let a symbol take, or not take, a leaf's value; the change of the box's log-weight.

    -inf where no value is left, and the box is then of no use.
    """
    symbol, chosen = nodes.symbol[leaf], nodes.column[leaf]
    before = mass(nodes, weights, box, symbol) if is_restricted(restricted, symbol) else 0.0
    if negated:
        box[chosen] = 0
    else:
        allowed = box[chosen]
        for column in range(nodes.starts[symbol], nodes.starts[symbol + 1]):
            box[column] = 0
        box[chosen] = allowed
    mark(restricted, symbol)
    return mass(nodes, weights, box, symbol) - before


@INNER
def change(nodes: Nodes, weights: Weights, box: Any, restricted: Any, leaf: Any, negated: Any) -> Any:
    """What `restrict` would return, with nothing changed."""
    symbol, chosen = nodes.symbol[leaf], nodes.column[leaf]
    free = not is_restricted(restricted, symbol)
    before = 0.0 if free else mass(nodes, weights, box, symbol)
    if not box[chosen]:
        return 0.0 if negated else -np.inf
    if not negated:
        return weights.logs[chosen] - before
    if free:
        return weights.others[chosen]
    box[chosen] = 0
    after = mass(nodes, weights, box, symbol)
    box[chosen] = 1
    return after - before
