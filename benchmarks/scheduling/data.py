"""Timetables to be made: exams, the students who sit them, and when each would best be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]

EXAMS_OF_A_STUDENT = 3
"""How many each student sits."""


@final
@dataclass(frozen=True, eq=False)
class Task:
    """E exams for S slots of K rooms each.

    same: (C, 2), pairs of exams that some student sits both of. before: (O, 2), the first comes earlier.
    wishes: (E, S), how much each time is wished for, as log-probabilities.
    possible: (E,), a timetable that obeys all rules, from which the task was made; wishes know nothing of it.
    """

    rooms: int
    same: Indices
    before: Indices
    wishes: NDArray[np.float64]
    possible: Indices

    def broken(self, slots: Indices) -> int:
        """How many rules a timetable breaks: pairs at once or out of order, exams without a room."""
        both = slots[self.same[:, 0]] == slots[self.same[:, 1]]
        late = slots[self.before[:, 0]] >= slots[self.before[:, 1]]
        crowded = np.maximum(np.bincount(slots, minlength=self.wishes.shape[1]) - self.rooms, 0)
        return int(both.sum() + late.sum() + crowded.sum())

    def granted(self, slots: Indices) -> float:
        """The log-probability of a timetable, rules aside: the wishes it grants, added up."""
        return float(np.take_along_axis(self.wishes, slots[:, None], axis=1).sum())


def random_task(
    exams: int, slots: int, rooms: int, students: int, orders: int, rng: np.random.Generator
) -> Task:
    """A task that has a timetable: one is drawn first, and nothing is asked that it does not fulfil.

    slots * rooms must be at least the number of exams.
    """
    seats = rng.permutation(slots * rooms)[:exams]
    possible: Indices = (seats % slots).astype(np.int64)
    pairs = {
        (int(min(a, b)), int(max(a, b)))
        for _ in range(students)
        for chosen in [rng.choice(exams, size=min(EXAMS_OF_A_STUDENT, exams), replace=False)]
        for a in chosen
        for b in chosen
        if possible[a] != possible[b]
    }
    ordered = [(int(a), int(b)) for a, b in rng.integers(exams, size=(8 * orders, 2))]
    before = [(a, b) for a, b in ordered if possible[a] < possible[b]][:orders]
    liked = rng.gumbel(size=(exams, slots))
    wishes = liked - np.log(np.exp(liked).sum(axis=1, keepdims=True))
    return Task(
        rooms=rooms,
        same=np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2),
        before=np.array(before, dtype=np.int64).reshape(-1, 2),
        wishes=wishes,
        possible=possible,
    )


def one_by_one(task: Task) -> Indices | None:
    """Exam after exam, the strongest wishes first, each at the best time still free; None where stuck."""
    found = np.full(len(task.wishes), -1, dtype=np.int64)
    for exam in np.argsort(-task.wishes.max(axis=1)):
        for slot in np.argsort(-task.wishes[exam]):
            found[exam] = slot
            if _fits(task, found):
                break
        else:
            return None
    return found


def _fits(task: Task, slots: Indices) -> bool:
    """Whether the exams that have a time (others have -1) break no rule among themselves."""

    def planned(pairs: Indices) -> Indices:
        kept: Indices = slots[pairs[(slots[pairs] >= 0).all(axis=1)]]
        return kept

    same, before = planned(task.same), planned(task.before)
    full = np.bincount(slots[slots >= 0], minlength=task.wishes.shape[1]) > task.rooms
    return not ((same[:, 0] == same[:, 1]).any() or (before[:, 0] >= before[:, 1]).any() or full.any())
