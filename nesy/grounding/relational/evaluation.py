"""Runs a plan: facts in, demands in, then the machine until nothing new follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from nesy.grounding.relational import layout
from nesy.grounding.relational.catalogue import Catalogue
from nesy.grounding.relational.draft import Relation
from nesy.grounding.relational.fragment import OutsideFragmentError
from nesy.grounding.relational.machine import evaluate
from nesy.grounding.relational.plan import Answers, Facts
from nesy.grounding.relational.storage import append_all
from nesy.grounding.relational.writer import Ints, Memory, written
from nesy.grounding.terms import Args

PAUSE = 1 << 20
"""Numbers the heap may grow by before the machine comes back: a small part of a second of work."""


def evaluated(
    catalogue: Catalogue, calls: Sequence[tuple[Answers, Args]], watch: Callable[[Memory], None]
) -> tuple[Memory, dict[Facts, Ints]]:
    """The plan's relations, full; and for each table of facts the row that each of its tuples is.

    calls: what is asked, with its arguments. watch: called now and then with the state so far; it may
    raise. Raises `OutsideFragmentError` where a value leaves the fragment (arithmetic on other than
    integers, or on ones too large).
    """
    memory = written(catalogue.draft)
    places = {facts: _load(memory, facts) for facts in catalogue.facts}
    for answers, args in calls:
        bound = [a for a, b in zip(args, answers.bound, strict=True) if b]
        row = [catalogue.values.value(a) for a in bound] or [0]
        _append(memory, answers.demand, np.array([row], np.int64))
    state = layout.PAUSED
    while state == layout.PAUSED:
        memory.numbers, state = evaluate(memory.numbers, PAUSE)
        watch(memory)
    if state == layout.FAILED:
        raise OutsideFragmentError("arithmetic on other than integers of moderate size")
    return memory, places


def _load(memory: Memory, facts: Facts) -> Ints:
    numbers = _append(memory, facts.relation, facts.rows)
    # Facts do not change any more: nothing waits for their rows.
    place = memory.places[facts.relation]
    memory.numbers[place + layout.DONE] = memory.numbers[place + layout.COUNT]
    return numbers


def _append(memory: Memory, relation: Relation, rows: Ints) -> Ints:
    place = memory.places[relation]
    numbers: Ints
    memory.numbers, numbers = append_all(memory.numbers, place, np.ascontiguousarray(rows))
    return numbers
