"""Questions answered one after the other in compiled code, on as many threads as pay.

Importing this module loads numba.
"""

from __future__ import annotations

from typing import Any, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.topk.boxes import weigh
from nesy.engines.topk.compiled import ENTRY, INNER
from nesy.engines.topk.goal_graph import IntArray, Nodes
from nesy.engines.topk.rows import copy, fill
from nesy.engines.topk.search import Limits, Proofs, empty_run, search
from nesy.engines.topk.steps import Place, empty_place
from nesy.engines.topk.truth import TRUE, UNSEEN, evaluate
from nesy.engines.topk.union import Pieces, add_gradient, empty_pieces, log_sum, take_apart
from nesy.kernels.threads import allowed, in_parts
from nesy.logic.announcing import announce_compiling

FloatArray = NDArray[np.float64]

STATE_BYTES = 1 << 28
"""How much memory the states of one search may take."""

MOST = 1 << 62
"""Limits above this are none."""

PIECES = 64
"""How many pieces for each proof the union may be taken apart into."""


class Asked(NamedTuple):
    """goals: (Q, G) what is to be proved together, literal codes or -1. rows: (Q,) of the beliefs."""

    goals: IntArray
    rows: IntArray


class Answers(NamedTuple):
    """What is known of Q questions.

    found: (Q,) how many proofs. log_prob: (Q,) of their union, in nats. above: (Q,) the log-probability is no
    more than this. next_best: (Q,) no other proof weighs more than this. spent: (Q,) whether the effort was.
    gradient: (Q, V) of `log_prob`. tallies: (Q, m, most values) the probability of each value of each
    output among the proofs. boxes: (Q, k, V) and weights: (Q, k) of the proofs. The last four are empty
    where they were not asked for.
    """

    found: IntArray
    log_prob: FloatArray
    above: FloatArray
    next_best: FloatArray
    spent: NDArray[np.bool_]
    gradient: FloatArray
    tallies: FloatArray
    boxes: NDArray[np.uint8]
    weights: FloatArray


@final
class Wanted(NamedTuple):
    """Which of the answers' larger parts are asked for."""

    gradient: bool = False
    tallies: bool = False
    proofs: bool = False


def answered(
    nodes: Nodes,
    values: IntArray,
    beliefs: FloatArray,
    asked: Asked,
    limits: Limits,
    wanted: Wanted,
    scores: FloatArray | None = None,
) -> Answers:
    """Answer Q questions about (B, V) beliefs.

    values: (m, most values) literal codes of the outputs' values, for tallies. scores: (B, V), what the
    search goes by where that is not the beliefs; then `above` and `next_best` say nothing.
    """
    announce_compiling()
    answers = _room(len(asked.rows), beliefs.shape[1], values.shape, limits.proofs, wanted)
    by = beliefs if scores is None else scores
    # Each proof found is a state looked at; and compiled code takes numbers of 64 bits.
    effort = min(limits.effort, MOST)
    limits = Limits(min(limits.proofs, effort), min(limits.beam, MOST), effort)
    capacity = max(16, min(limits.effort, STATE_BYTES // _row_bytes(nodes)) + 2)

    def worker() -> Any:
        def run(first: int, last: int) -> None:
            _answer(nodes, values, beliefs, by, asked, limits, answers, capacity, first, last)

        return run

    in_parts(worker, len(asked.rows), allowed())
    return answers


def _row_bytes(nodes: Nodes) -> int:
    return int(nodes.starts[-1]) + len(nodes.starts) // 8 + len(nodes.kinds) + 24


def _room(count: int, width: int, values: tuple[int, ...], proofs: int, wanted: Wanted) -> Answers:
    return Answers(
        found=np.zeros(count, dtype=np.int64),
        log_prob=np.full(count, -np.inf),
        above=np.zeros(count),
        next_best=np.zeros(count),
        spent=np.zeros(count, dtype=np.bool_),
        gradient=np.zeros((count if wanted.gradient else 0, width)),
        tallies=np.zeros((count if wanted.tallies else 0, *values)),
        boxes=np.zeros((count if wanted.proofs else 0, proofs, width), dtype=np.uint8),
        weights=np.full((count if wanted.proofs else 0, proofs), -np.inf),
    )


@ENTRY
def _answer(
    nodes: Nodes,
    values: Any,
    beliefs: Any,
    scores: Any,
    asked: Asked,
    limits: Limits,
    answers: Answers,
    capacity: Any,
    first: Any,
    last: Any,
) -> None:
    """Answer the questions from `first` up to `last`."""
    place, run = empty_place(nodes), empty_run(capacity, limits.proofs, nodes)
    proofs = run.proofs
    pieces = empty_pieces(PIECES * limits.proofs, nodes)
    cuts, share = np.empty(len(nodes.starts), np.int64), np.empty(limits.proofs)
    for number in range(first, last):
        row = asked.rows[number]
        weigh(nodes, scores[row], place.weights)
        found, bound, rest, spent = search(nodes, asked.goals[number], limits, place, run)
        if scores is not beliefs:
            weigh(nodes, beliefs[row], place.weights)
        used, whole = take_apart(nodes, place.weights, proofs, found, pieces, cuts)
        total = log_sum(pieces.weights, used)
        answers.found[number] = found
        answers.log_prob[number] = total
        answers.next_best[number] = bound
        answers.spent[number] = spent
        reached = np.exp(total) if whole else np.exp(log_sum(proofs.weights, found))
        answers.above[number] = np.log(min(1.0, reached + rest)) if reached + rest > 0.0 else -np.inf
        if rest == 0.0 and whole:
            answers.above[number] = total
        if len(answers.gradient) > 0 and total > -np.inf:
            add_gradient(nodes, place.weights, pieces, used, total, answers.gradient[number])
        if len(answers.tallies) > 0:
            _tally(nodes, values, place, proofs, found, pieces, used, share, answers.tallies[number])
        if len(answers.boxes) > 0:
            answers.boxes[number, :found] = proofs.boxes[:found]
            answers.weights[number, :found] = proofs.weights[:found]


@INNER
def _tally(
    nodes: Nodes,
    values: Any,
    place: Place,
    proofs: Proofs,
    found: Any,
    pieces: Pieces,
    used: Any,
    share: Any,
    tallies: Any,
) -> None:
    """Add each proof's pieces to the values that outputs have throughout its box."""
    fill(share, 0.0)
    for index in range(used):
        share[pieces.proof[index]] += np.exp(pieces.weights[index])
    for index in range(found):
        copy(proofs.boxes[index], place.box)
        fill(place.scratch.truth, UNSEEN)
        place.scratch.time[0] += 1
        for output in range(values.shape[0]):
            for value in range(values.shape[1]):
                code = values[output, value]
                if code >= 0 and evaluate(nodes, place.box, place.scratch, code) == TRUE:
                    tallies[output, value] += share[index]
