"""The probability of any of some boxes: taken apart into boxes that share no world, and added up.

Nothing is subtracted, so nothing cancels. Importing this module loads numba.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.engines.topk.boxes import Weights, is_restricted, mark, mass
from nesy.engines.topk.compiled import ENTRY, INNER
from nesy.engines.topk.goal_graph import Nodes
from nesy.engines.topk.rows import copy
from nesy.engines.topk.search import Proofs


class Pieces(NamedTuple):
    """Boxes without a world in common. proof: (P,) which proof each is a piece of. weights: (P,) in nats."""

    boxes: NDArray[np.uint8]
    restricted: NDArray[np.uint64]
    proof: NDArray[np.int64]
    weights: NDArray[np.float64]


@ENTRY
def empty_pieces(count: Any, nodes: Nodes) -> Any:
    """Room for so many pieces."""
    width, words = nodes.starts[-1], (len(nodes.starts) + 62) // 64
    return Pieces(
        np.empty((count, width), np.uint8),
        np.empty((count, words), np.uint64),
        np.empty(count, np.int64),
        np.empty(count),
    )


@INNER
def take_apart(nodes: Nodes, weights: Weights, proofs: Proofs, found: Any, pieces: Pieces, cuts: Any) -> Any:
    """Fill `pieces` with what each proof adds to those before it.

    cuts: (n,) room. Returns how many there are, and whether they are all: those for which there is no room
    are left out. Cost: O(pieces * proofs * V).
    """
    used, whole = 0, True
    for index in range(found):
        first = used
        if used == len(pieces.proof):
            return used, False
        copy(proofs.boxes[index], pieces.boxes[used])
        copy(proofs.restricted[index], pieces.restricted[used])
        pieces.proof[used] = index
        used += 1
        for other in range(index):
            used, fits = _subtract(nodes, proofs, other, pieces, first, used, cuts)
            whole = whole and fits
    for index in range(used):
        pieces.weights[index] = _weight(nodes, weights, pieces, index)
    return used, whole


@INNER
def _subtract(
    nodes: Nodes, proofs: Proofs, other: Any, pieces: Pieces, first: Any, used: Any, cuts: Any
) -> Any:
    """Take the worlds of a proof out of the pieces from `first` on; what is left, and whether it all fits."""
    whole, place, end = True, first, used
    while place < end:
        count = _cuts(nodes, pieces.boxes[place], proofs.boxes[other], proofs.restricted[other], cuts)
        if count < 0:
            place += 1
            continue
        for cut in range(count):
            if used == len(pieces.proof):
                whole = False
                break
            _split(nodes, proofs, other, pieces, place, used, cuts[cut])
            used += 1
        # What is left at this place is in the other proof: the last piece takes the place.
        end -= 1
        used -= 1
        _move(pieces, end, place)
        _move(pieces, used, end)
    return used, whole


@INNER
def _cuts(nodes: Nodes, box: Any, other: Any, restricted: Any, cuts: Any) -> Any:
    """How many symbols tell a box from another, written to `cuts`; -1 where they share no world."""
    count = 0
    for symbol in range(len(nodes.starts) - 1):
        if not is_restricted(restricted, symbol):
            continue
        shared, own = False, False
        for column in range(nodes.starts[symbol], nodes.starts[symbol + 1]):
            shared = shared or (box[column] and other[column])
            own = own or (box[column] and not other[column])
        if not shared:
            return -1
        if own:
            cuts[count] = symbol
            count += 1
    return count


@INNER
def _split(
    nodes: Nodes, proofs: Proofs, other: Any, pieces: Pieces, place: Any, new: Any, symbol: Any
) -> None:
    """Cut a piece in two at a symbol: outside of the other proof, as a new piece; and inside, what stays."""
    _move(pieces, place, new)
    for column in range(nodes.starts[symbol], nodes.starts[symbol + 1]):
        if proofs.boxes[other, column]:
            pieces.boxes[new, column] = 0
        else:
            pieces.boxes[place, column] = 0
    mark(pieces.restricted[new], symbol)
    mark(pieces.restricted[place], symbol)


@INNER
def _move(pieces: Pieces, start: Any, place: Any) -> None:
    copy(pieces.boxes[start], pieces.boxes[place])
    copy(pieces.restricted[start], pieces.restricted[place])
    pieces.proof[place] = pieces.proof[start]


@INNER
def _weight(nodes: Nodes, weights: Weights, pieces: Pieces, index: Any) -> Any:
    total = 0.0
    for symbol in range(len(nodes.starts) - 1):
        if is_restricted(pieces.restricted[index], symbol):
            total += mass(nodes, weights, pieces.boxes[index], symbol)
    return total


@INNER
def log_sum(logs: Any, count: Any) -> Any:
    """The log of the sum of the first `count` weights in nats; -inf for none."""
    best = -np.inf
    for index in range(count):
        best = max(best, logs[index])
    if best == -np.inf:
        return best
    total = 0.0
    for index in range(count):
        total += np.exp(logs[index] - best)
    return best + np.log(total)


@INNER
def add_gradient(
    nodes: Nodes, weights: Weights, pieces: Pieces, used: Any, total: Any, gradient: Any
) -> None:
    """Add the derivative of `total`, the log of the pieces' sum, by each of the beliefs, (V,)."""
    for index in range(used):
        share = np.exp(pieces.weights[index] - total)
        for symbol in range(len(nodes.starts) - 1):
            if not is_restricted(pieces.restricted[index], symbol):
                continue
            allowed = mass(nodes, weights, pieces.boxes[index], symbol)
            for column in range(nodes.starts[symbol], nodes.starts[symbol + 1]):
                if pieces.boxes[index, column]:
                    gradient[column] += share * np.exp(weights.logs[column] - allowed)
