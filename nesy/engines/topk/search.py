"""The most probable proofs of some goals together, by best-first beam search.

States are boxes with goals left to prove. The best is taken first, by the weight of its box and an admissible
bound of what is left (`bounds`): without a beam this is A* search, and the first k proofs are the k best. The
beam lets no more than so many states go on after each number of choices (best-first beam search: Meister,
Vieira and Cotterell 2020), so that proofs are found soon where beliefs say little. What it holds back is not
lost: when all else has been looked at, the beam is doubled and the search goes on (complete anytime beam
search: Zhang 1998). Neither order nor beam depends on how many proofs are sought or on the effort, so that a
search for more finds all that one for fewer finds.
Importing this module loads numba.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.engines.topk.bounds import bound, fill_bounds
from nesy.engines.topk.compiled import ENTRY, INNER
from nesy.engines.topk.goal_graph import Nodes
from nesy.engines.topk.meetings import Meetings, empty_meetings, forget, meet
from nesy.engines.topk.queue import (
    NIL,
    Goals,
    Queue,
    empty_goals,
    empty_queue,
    hold,
    push,
    release,
    remove_best,
)
from nesy.engines.topk.rows import copy, fill
from nesy.engines.topk.steps import (
    NO_ROOM,
    RESTRICTS,
    Place,
    begin_descent,
    descend,
    first_open,
    go_on,
    look_at,
    prepend,
    take,
)
from nesy.engines.topk.truth import UNSEEN

ROUNDING = 1e-9
"""Bounds this close, in nats, are the same: sums are taken in different orders."""

ALTERNATIVES = 32
"""States that may wait, and goals that may be listed, for each state that may be looked at."""

WIDER = 2
"""By how much the beam is widened where nothing else is left."""

_WAITING, _ROWS, _GOALS, _FOUND, _LOOKED_AT, _SPENT, _DEEPEST, _HELD = range(8)
_DROPPED, _LOST = range(2)


class Limits(NamedTuple):
    """proofs: k. beam: states that may go on after each number of choices, at first. effort: states looked
    at.
    """

    proofs: int
    beam: int
    effort: int


class Proofs(NamedTuple):
    """The proofs found. boxes: (k, V). restricted: (k, W). weights: (k,) in nats, best first."""

    boxes: NDArray[np.uint8]
    restricted: NDArray[np.uint64]
    weights: NDArray[np.float64]


class Run(NamedTuple):
    """A search under way.

    boxes: (S, V), restricted: (S, W), truth: (S, N), weight: (S,), left: (S,), part_of: (S,): what states
    are made of, a row each; `left` is the list of goals, and `part_of` the goal of the question that its
    first is part of. gone_on: (S + 1,) how many states have gone on after each number of choices.
    counts: states that wait, rows, goals and proofs there are, states looked at, whether the effort is
    spent, the most choices so far, states held back. sums: (2,) the best bound of what was dropped for lack
    of room, and the probability of its boxes. meetings: which boxes have been met.
    """

    queue: Queue
    goals: Goals
    proofs: Proofs
    meetings: Meetings
    boxes: NDArray[np.uint8]
    restricted: NDArray[np.uint64]
    truth: NDArray[np.uint8]
    weight: NDArray[np.float64]
    left: NDArray[np.int64]
    part_of: NDArray[np.int64]
    gone_on: NDArray[np.int64]
    counts: NDArray[np.int64]
    sums: NDArray[np.float64]


@ENTRY
def empty_proofs(count: Any, nodes: Nodes) -> Any:
    """Room for so many proofs."""
    width, words = nodes.starts[-1], (len(nodes.starts) + 62) // 64
    return Proofs(np.empty((count, width), np.uint8), np.empty((count, words), np.uint64), np.empty(count))


@ENTRY
def empty_run(rows: Any, proofs: Any, nodes: Nodes) -> Any:
    """Room for so many states and proofs."""
    width, words = nodes.starts[-1], (len(nodes.starts) + 62) // 64
    room = ALTERNATIVES * rows + len(nodes.children)
    return Run(
        empty_queue(room),
        empty_goals(room),
        empty_proofs(proofs, nodes),
        empty_meetings(rows),
        np.empty((rows, width), np.uint8),
        np.empty((rows, words), np.uint64),
        np.empty((rows, len(nodes.kinds)), np.uint8),
        np.empty(rows),
        np.empty(rows, np.int64),
        np.empty(rows, np.int64),
        np.zeros(rows + 2, np.int64),
        np.zeros(8, np.int64),
        np.zeros(2),
    )


@INNER
def search(nodes: Nodes, wanted: Any, limits: Limits, place: Place, run: Run) -> Any:
    """Find proofs by the weights in `place`, into `run.proofs`.

    wanted: literal codes, all to be proved, or -1 for none.
    Returns how many proofs there are; a bound, in nats, of any other; a bound of the probability of all
    others together; and whether the effort was spent.
    """
    _begin(nodes, wanted, place, run)
    counts, sums, beam = run.counts, run.sums, limits.beam
    while counts[_FOUND] < limits.proofs and not counts[_SPENT]:
        if counts[_WAITING] == 0:
            if counts[_HELD] == 0:
                break
            release(run.queue, counts[_HELD])
            counts[_WAITING], counts[_HELD], beam = counts[_HELD], 0, WIDER * beam
        elif counts[_LOOKED_AT] >= limits.effort or counts[_ROWS] >= len(run.weight):
            counts[_SPENT] = 1
        else:
            _look_at_best(nodes, wanted, beam, place, run)
    spent = counts[_SPENT] == 1 or sums[_DROPPED] > -np.inf
    _count_rest(run, 0, counts[_WAITING])
    _count_rest(run, len(run.queue.row) - counts[_HELD], len(run.queue.row))
    return counts[_FOUND], sums[_DROPPED], sums[_LOST], spent


@INNER
def _count_rest(run: Run, first: Any, last: Any) -> None:
    """Count states of the queue with what was dropped."""
    for index in range(first, last):
        _drop(run, run.queue.above[index], run.queue.mass[index])


@INNER
def _begin(nodes: Nodes, wanted: Any, place: Place, run: Run) -> None:
    """The box of all possible worlds, and the list of goals."""
    fill_bounds(nodes, place.weights, wanted, place.bounds, place.scratch)
    for column in range(len(place.box)):
        place.box[column] = place.weights.logs[column] > -np.inf
    fill(place.restricted, 0)
    fill(place.scratch.truth, UNSEEN)
    for depth in range(run.counts[_DEEPEST] + 1):
        run.gone_on[depth] = 0
    forget(run.meetings)
    fill(run.counts, 0)
    run.sums[_DROPPED], run.sums[_LOST] = -np.inf, 0.0
    goals, rest = run.goals, NIL
    for number in range(len(wanted) - 1, -1, -1):
        if wanted[number] >= 0:
            used = run.counts[_GOALS]
            goals.goal[used], goals.next[used], goals.number[used] = wanted[number], rest, number
            goals.above[used] = bound(place.bounds, wanted[number], number) + _above(goals, rest)
            run.counts[_GOALS] += 1
            rest = used
    _wait(run, _above(goals, rest), 0.0, -1, 0)
    _save(place, run, 0.0, rest)


@INNER
def _look_at_best(nodes: Nodes, wanted: Any, beam: Any, place: Place, run: Run) -> None:
    """Take the best state from the queue: it is a proof, or goes on, or is held back, or comes to nothing."""
    queue, counts = run.queue, run.counts
    above, mass, row = queue.above[0], queue.mass[0], queue.row[0]
    alternative, depth = queue.alternative[0], queue.depth[0]
    counts[_WAITING] = remove_best(queue, counts[_WAITING])
    if run.gone_on[depth] >= beam:
        counts[_HELD] = hold(queue, counts[_HELD], above, mass, row, alternative, depth)
        return
    counts[_LOOKED_AT] += 1
    weight, rest = _settled(nodes, place, run, row, alternative)
    if counts[_SPENT]:
        _drop(run, above, mass)
        return
    now = min(above, weight + _above(run.goals, rest))
    if now == -np.inf or _is_proved(place, run.proofs, counts[_FOUND]):
        return
    if counts[_WAITING] > 0 and now < above - ROUNDING and now < queue.above[0]:
        _wait(run, now, weight, -1, depth)
        _save(place, run, weight, rest)
        return
    times = 0
    if rest != NIL:
        number = run.goals.number[rest]
        times = meet(run.meetings, place.box, number, run.boxes, run.part_of, counts[_ROWS])
    if times > 1:
        # The second time it went on without commitments: that led to all that this state could lead to.
        return
    run.gone_on[depth] += 1
    counts[_DEEPEST] = max(counts[_DEEPEST], depth)
    if rest == NIL:
        counts[_FOUND] = _keep(place, run.proofs, counts[_FOUND], weight)
    elif times == 0:
        _expand(nodes, place, run, rest, weight, now, depth)
    else:
        _expand_freely(nodes, wanted, place, run, rest, weight, now, depth)


@INNER
def _settled(nodes: Nodes, place: Place, run: Run, row: Any, alternative: Any) -> Any:
    """Make a state anew and prove what needs no choice. Returns its log-weight, and the goals left."""
    copy(run.boxes[row], place.box)
    copy(run.restricted[row], place.restricted)
    copy(run.truth[row], place.scratch.truth)
    place.scratch.time[0] += 1
    weight, rest, used = run.weight[row], run.left[row], run.counts[_GOALS]
    if alternative >= 0:
        gained, count = take(nodes, place, alternative)
        if gained == -np.inf:
            return gained, rest
        weight += gained
        number = run.goals.number[rest]
        used, rest = prepend(nodes, place, run.goals, used, count, run.goals.next[rest], number)
    if used != NO_ROOM:
        used, rest, gained = go_on(nodes, place, run.goals, used, rest)
        weight += gained
    if used == NO_ROOM:
        run.counts[_SPENT] = 1
    else:
        run.counts[_GOALS] = used
    return weight, rest


@INNER
def _expand(nodes: Nodes, place: Place, run: Run, rest: Any, weight: Any, now: Any, depth: Any) -> None:
    """Let the alternatives of the first goal wait."""
    goal, number = run.goals.goal[rest], run.goals.number[rest]
    after = _above(run.goals, run.goals.next[rest])
    for edge in range(nodes.offsets[goal >> 1], nodes.offsets[(goal >> 1) + 1]):
        child = nodes.children[edge] ^ (goal & 1)
        gained, part = look_at(nodes, place, child, number)
        _wait(run, min(now, weight + gained + part + after), weight + gained, child, depth + 1)
    _save(place, run, weight, rest)


@INNER
def _expand_freely(
    nodes: Nodes, wanted: Any, place: Place, run: Run, rest: Any, weight: Any, now: Any, depth: Any
) -> None:
    """Let everything wait that could restrict the box further for the sake of the goal being proved.

    What the state was committed to is forgotten: whatever proves the goal within the box goes through one
    of these. So states that meet in one box lead no further apart, however many derivations end there.
    """
    goals, number, used = run.goals, run.goals.number[rest], run.counts[_GOALS]
    if used + 2 > len(goals.goal):
        run.counts[_SPENT] = 1
        _drop(run, now, weight)
        return
    while rest != NIL and goals.number[rest] == number:
        rest = goals.next[rest]
    after = _above(goals, rest)
    # One for the alternative that is taken, and one to prove the goal all the same.
    for place_in_list in range(2):
        goals.goal[used + place_in_list] = wanted[number]
        goals.next[used + place_in_list] = rest
        goals.number[used + place_in_list] = number
        goals.above[used + place_in_list] = after
        rest = used + place_in_list
    run.counts[_GOALS] += 2
    left = begin_descent(place, wanted[number])
    while left > 0:
        left -= 1
        goal = place.work[left]
        for edge in range(nodes.offsets[goal >> 1], nodes.offsets[(goal >> 1) + 1]):
            child = nodes.children[edge] ^ (goal & 1)
            below = first_open(nodes, place, child)
            if below == RESTRICTS:
                gained, part = look_at(nodes, place, child, number)
                reach = min(now, weight + gained + part + after)
                _wait(run, reach, weight + gained, child, depth + 1)
            elif below >= 0:
                left = descend(place, left, below)
    _save(place, run, weight, rest)


@INNER
def _above(goals: Goals, rest: Any) -> Any:
    """The bound of a list of goals."""
    return 0.0 if rest == NIL else goals.above[rest]


@INNER
def _wait(run: Run, above: Any, mass: Any, alternative: Any, depth: Any) -> None:
    """Let a state wait that is made of the row saved next."""
    counts = run.counts
    if above == -np.inf:
        return
    if counts[_WAITING] + counts[_HELD] == len(run.queue.row):
        _drop(run, above, mass)
        return
    counts[_WAITING] = push(run.queue, counts[_WAITING], above, mass, counts[_ROWS], alternative, depth)


@INNER
def _drop(run: Run, above: Any, mass: Any) -> None:
    """Keep count of a state that is given up."""
    run.sums[_DROPPED] = max(run.sums[_DROPPED], above)
    run.sums[_LOST] += np.exp(mass)


@INNER
def _save(place: Place, run: Run, weight: Any, rest: Any) -> None:
    row = run.counts[_ROWS]
    copy(place.box, run.boxes[row])
    copy(place.restricted, run.restricted[row])
    copy(place.scratch.truth, run.truth[row])
    run.weight[row] = weight
    run.left[row] = rest
    run.part_of[row] = NIL if rest == NIL else run.goals.number[rest]
    run.counts[_ROWS] += 1


@INNER
def _keep(place: Place, proofs: Proofs, found: Any, weight: Any) -> Any:
    """Add a proof; those that say less go. How many there are now."""
    left = 0
    for index in range(found):
        if not _within(proofs.boxes[index], place.box):
            if left < index:
                copy(proofs.boxes[index], proofs.boxes[left])
                copy(proofs.restricted[index], proofs.restricted[left])
                proofs.weights[left] = proofs.weights[index]
            left += 1
    copy(place.box, proofs.boxes[left])
    copy(place.restricted, proofs.restricted[left])
    proofs.weights[left] = weight
    return left + 1


@INNER
def _is_proved(place: Place, proofs: Proofs, found: Any) -> Any:
    """Whether every world of the box is in a proof that is known."""
    for index in range(found):
        if _within(place.box, proofs.boxes[index]):
            return True
    return False


@INNER
def _within(inner: Any, outer: Any) -> Any:
    """Whether every world of a box is in another."""
    for column in range(len(inner)):
        if inner[column] and not outer[column]:
            return False
    return True
