"""The way of guided draws through an event: which symbols are drawn when, and what is known after each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import IntArray
from nesy.kernels.worlds.dependence import Dependence
from nesy.kernels.worlds.plan import Codes, WorldPlan
from nesy.logic.compiled import compiled


class Stages(NamedTuple):
    """An event, taken apart. Stage k draws symbols, and then knows whether some conjuncts of the event hold.

    symbols, drawn: the symbols that stage k draws are `symbols[drawn[k]:drawn[k + 1]]`; none has two stages.
    codes, known: so are the codes that it decides.
    before, before_starts: the rows it computes that do not depend on the last symbol it draws; after: the
    rest.
    crossing: (rows, 3): a row that is computed at one stage and looked at up to another: row, from, to.
    masks: which symbols rows depend on, as in `Dependence`.
    """

    symbols: IntArray
    drawn: IntArray
    codes: Codes
    known: IntArray
    before: Codes
    before_starts: IntArray
    after: Codes
    after_starts: IntArray
    crossing: IntArray
    masks: NDArray[np.uint64]

    @property
    def widest(self) -> int:
        """The most symbols that one stage draws."""
        return int(np.diff(self.drawn).max(initial=0))


@final
class StagePlanner:
    """Takes events apart: conjunctions into conjuncts, ordered so that each needs few new symbols."""

    def __init__(self, plan: WorldPlan, dependence: Dependence) -> None:
        self._layout = plan.layout
        self._dependence = dependence

    def stages(self, codes: Sequence[int]) -> Stages:
        """The stages of the conjunction of some codes.

        Cost: O(conjuncts * symbols) and the nodes and edges below them.
        """
        conjuncts = np.array(self.conjuncts(codes), dtype=np.int32)
        depends = self._dependence.of_rows(conjuncts >> 1)
        symbols, drawn, order, known = in_order(np.ascontiguousarray(depends))
        sort_as_met(self._layout, drawn, conjuncts[order], known, symbols)
        laid_out = lay_out(self._layout, symbols, drawn, conjuncts[order], known)
        return Stages._make((symbols, drawn, conjuncts[order], known, *laid_out, self._dependence.masks))

    def conjuncts(self, codes: Sequence[int]) -> list[int]:
        """The codes whose conjunction is that of the codes given, none of them a conjunction itself."""
        found: dict[int, None] = {}
        stack = [int(c) for c in codes][::-1]
        layout = self._layout
        while stack:
            code = stack.pop()
            if code & 1 or code >> 1 < layout.gates:
                found[code] = None
                continue
            gate = (code >> 1) - layout.gates
            stack.extend(layout.codes[layout.starts[gate] : layout.starts[gate + 1]][::-1].tolist())
        return list(found)


@compiled
def in_order(depends):  # type: ignore[no-untyped-def]
    """Symbols by stage, and conjuncts by the stage that decides them: (symbols, drawn, order, known).

    depends: (conjuncts, n) bool. Greedy: the conjunct that lacks the fewest symbols is next, and the first of
    equals. Cost: O(conjuncts * (stages + n)).
    """
    count, width = depends.shape
    lacking, drawn_already = np.zeros(count, np.int64), np.zeros(width, np.bool_)
    for conjunct in range(count):
        for symbol in range(width):
            lacking[conjunct] += depends[conjunct, symbol]
    symbols, order = np.empty(width, np.int64), np.empty(count, np.int64)
    drawn, known = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    decided, stage = np.zeros(count, np.bool_), 0
    while known[stage] < count:
        chosen = -1
        for conjunct in range(count):
            if not decided[conjunct] and (chosen < 0 or lacking[conjunct] < lacking[chosen]):
                chosen = conjunct
        stage += 1
        drawn[stage], known[stage] = drawn[stage - 1], known[stage - 1]
        for symbol in range(width):
            if depends[chosen, symbol] and not drawn_already[symbol]:
                drawn_already[symbol] = True
                symbols[drawn[stage]] = symbol
                drawn[stage] += 1
                for conjunct in range(count):
                    lacking[conjunct] -= depends[conjunct, symbol]
        for conjunct in range(count):
            if lacking[conjunct] == 0 and not decided[conjunct]:
                decided[conjunct] = True
                order[known[stage]] = conjunct
                known[stage] += 1
    return symbols[: drawn[stage]], drawn[: stage + 1], order, known[: stage + 1]


@compiled
def sort_as_met(layout, drawn, codes, known, symbols):  # type: ignore[no-untyped-def]
    """Order the symbols of each stage as a depth-first look at its codes first meets them.

    Children are looked at in the order in which rules were grounded, so this is the order in which a program
    would ask: states before what they show. Cost: O(nodes and edges below the codes).
    """
    rows = layout.gates + len(layout.starts) - 1
    symbol_of, met = np.full(rows, -1, np.int32), np.zeros(rows, np.bool_)
    for symbol in range(len(layout.firsts) - 1):
        for place in range(layout.firsts[symbol], layout.firsts[symbol + 1]):
            symbol_of[layout.leaves[place]] = symbol
    waiting = np.zeros(len(layout.firsts), np.bool_)
    stack = np.empty(rows + len(layout.codes) + len(codes), np.int32)
    for stage in range(len(known) - 1):
        at = drawn[stage]
        for k in range(drawn[stage], drawn[stage + 1]):
            waiting[symbols[k]] = True
        top = 0
        for k in range(known[stage + 1] - 1, known[stage] - 1, -1):
            stack[top] = codes[k] >> 1
            top += 1
        while top > 0:
            top -= 1
            row = stack[top]
            if met[row]:
                continue
            met[row] = True
            if symbol_of[row] >= 0 and waiting[symbol_of[row]]:
                symbols[at] = symbol_of[row]
                waiting[symbols[at]] = False
                at += 1
            elif row >= layout.gates:
                for k in range(
                    layout.starts[row - layout.gates + 1] - 1, layout.starts[row - layout.gates] - 1, -1
                ):
                    stack[top] = layout.codes[k] >> 1
                    top += 1


@compiled
def lay_out(layout, symbols, drawn, codes, known):  # type: ignore[no-untyped-def]
    """The rows that each stage computes and those that later ones look at: the rest of `Stages`.

    Cost: O(nodes and edges below the codes), and one pass over all rows.
    """
    rows, stages = layout.gates + len(layout.starts) - 1, len(known) - 1
    stage_of, last_use = np.full(rows, -1, np.int32), np.full(rows, -1, np.int32)
    last = np.zeros(rows, np.bool_)
    found, stack = np.empty(rows, np.int32), np.empty(rows + len(layout.codes) + len(codes), np.int32)
    before, after = np.empty(rows, np.int32), np.empty(rows, np.int32)
    before_starts, after_starts = np.zeros(stages + 1, np.int64), np.zeros(stages + 1, np.int64)
    for stage in range(stages):
        for at in range(drawn[stage], drawn[stage + 1]):
            for place in range(layout.firsts[symbols[at]], layout.firsts[symbols[at] + 1]):
                stage_of[layout.leaves[place]] = stage
                last[layout.leaves[place]] = at + 1 == drawn[stage + 1]
        top = 0
        for at in range(known[stage], known[stage + 1]):
            last_use[codes[at] >> 1] = stage
            stack[top] = codes[at] >> 1
            top += 1
        count = _gates_below(layout, stage, stage_of, stack, top, found)
        first, second = before_starts[stage], after_starts[stage]
        for k in range(count):
            row = found[k]
            for at in range(layout.starts[row - layout.gates], layout.starts[row - layout.gates + 1]):
                child = layout.codes[at] >> 1
                last_use[child] = stage
                last[row] = last[row] or (last[child] and stage_of[child] == stage)
            if last[row]:
                after[second] = row
                second += 1
            else:
                before[first] = row
                first += 1
        before_starts[stage + 1], after_starts[stage + 1] = first, second
    crossing = _crossing(stage_of, last_use)
    return before[:first], before_starts, after[:second], after_starts, crossing


@compiled
def _gates_below(layout, stage, stage_of, stack, top, found):  # type: ignore[no-untyped-def]
    """The gates below a stack of rows that no stage has computed yet, children first; now this one does."""
    count = 0
    while top > 0:
        top -= 1
        row = stack[top]
        if row < 0:
            found[count] = -row
            count += 1
        elif row >= layout.gates and stage_of[row] < 0:
            stage_of[row] = stage
            stack[top] = -row
            top += 1
            for at in range(layout.starts[row - layout.gates], layout.starts[row - layout.gates + 1]):
                stack[top] = layout.codes[at] >> 1
                top += 1
    return count


@compiled
def _crossing(stage_of, last_use):  # type: ignore[no-untyped-def]
    count = 0
    for row in range(len(stage_of)):
        count += 0 <= stage_of[row] < last_use[row]
    found = np.empty((count, 3), np.int64)
    at = 0
    for row in range(len(stage_of)):
        if 0 <= stage_of[row] < last_use[row]:
            found[at, 0], found[at, 1], found[at, 2] = row, stage_of[row], last_use[row]
            at += 1
    return found
