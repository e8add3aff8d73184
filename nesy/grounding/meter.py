"""Keeps a grounding within its budget, and says which rule took it beyond."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, final

from nesy.errors import EngineError, GroundingError
from nesy.grounding.budget import Budget
from nesy.grounding.rules import Instruction, MetaCall, Predicate, Rule
from nesy.grounding.tables import Frame

LOOKS = 2_048
"""The most frames between two looks at the clock and the memory: some milliseconds, of small terms."""
OFTEN, SELDOM = 0.02, 0.005
"""Seconds between two looks, above and below which the next one comes sooner, or later: terms may grow."""
_STATUS = Path("/proc/self/statm")


class Watch(Protocol):
    """Looks on while resolution runs, and may stop it by an exception of its own."""

    def frame(self, frame: Frame) -> None:
        """A frame is about to run; it has not, where this raises, and may still do so later."""
        ...

    def solutions(self, frame: Frame, count: int) -> None:
        """A built-in has given a frame this many solutions, and may give more."""
        ...

    def facts(self, rule: Rule, count: int) -> None:
        """So many more facts have answered a call, `rule` last; a run that this stops is over."""
        ...


class Work(NamedTuple):
    """What a rule has cost so far.

    met: how often the rule was begun, then, for each of some goals, how many instances had met it.
    """

    rule: Rule
    goals: Sequence[Instruction]
    met: Sequence[int]


@final
class Meter:
    """What one grounding has spent of its budget: each rule's frames, by the goals they have met."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._started = time.monotonic()
        self._base = 0 if budget.memory is None else _resident()
        self._most = sys.maxsize if budget.nodes is None else budget.nodes
        self._counts: dict[Rule, list[int]] = {}
        self._facts: dict[Predicate, tuple[Rule, list[int]]] = {}
        self._nodes = 0
        self._frames = LOOKS // 16
        self._looked = self._started
        self._next = min(self._frames, self._most)

    def frame(self, frame: Frame) -> None:
        """A frame is about to run. Raises `GroundingError` (budget-exceeded)."""
        counts = self._counts.get(frame.plan.rule)
        if counts is None:
            counts = self._counts_of(frame.plan.rule)
        counts[frame.position] += 1
        self._nodes += 1
        if self._nodes > self._next:
            self.look(self._nodes, self._work)
            self._next = min(self._nodes + self._until_next_look(), self._most)

    def solutions(self, frame: Frame, count: int) -> None:
        """A built-in has given a frame this many solutions. Raises `GroundingError` (budget-exceeded)."""

        def work() -> Iterable[Work]:
            self._counts_of(frame.plan.rule)[frame.position + 1] += count
            return self._work()

        self.look(self._nodes + count, work)

    def facts(self, rule: Rule, count: int) -> None:
        """So many more facts have answered a call. Raises `GroundingError` (budget-exceeded)."""
        self._counts_of(rule)[0] += count
        self._nodes += count
        self.look(self._nodes, self._work)

    def look(self, nodes: int, work: Callable[[], Iterable[Work]]) -> None:
        """Compare what is spent with the budget. Raises `GroundingError` (budget-exceeded)."""
        passed = self._passed(nodes)
        if passed is not None:
            raise _exceeded(passed, max(work(), key=_weight, default=None))

    def _until_next_look(self) -> int:
        now = time.monotonic()
        took, self._looked = now - self._looked, now
        if took > OFTEN:
            self._frames = max(1, int(self._frames * OFTEN / took))
        elif took < SELDOM:
            self._frames = min(2 * self._frames, LOOKS)
        return self._frames

    def unrolled(self, nodes: int) -> None:
        """Taking out cycles has made this many nodes. Raises `GroundingError` (budget-exceeded)."""
        passed = self._passed(nodes)
        if passed is not None:
            raise GroundingError(
                "budget-exceeded",
                f"grounding goes beyond its budget of {passed} as it unrolls recursive rules whose atoms "
                "depend on one another",
                hint="ask for less at a time, or allow a larger budget",
            )

    def _passed(self, nodes: int) -> str | None:
        budget = self._budget
        if nodes > self._most:
            return f"{self._most:,} nodes"
        if budget.seconds is not None and time.monotonic() - self._started > budget.seconds:
            return f"{budget.seconds:g} seconds"
        if budget.memory is not None and _resident() - self._base > budget.memory:
            return f"{budget.memory:,} bytes of memory"
        return None

    def _counts_of(self, rule: Rule) -> list[int]:
        """A rule's counts; the facts of a predicate are counted together, one by one they are nothing."""
        counts = self._counts.get(rule)
        if counts is not None:
            return counts
        if not rule.body:
            return self._facts.setdefault(rule.predicate, (rule, [0]))[1]
        return self._counts.setdefault(rule, [0] * (len(rule.body) + 1))

    def _work(self) -> Iterable[Work]:
        rules = [Work(rule, rule.body, counts) for rule, counts in self._counts.items()]
        return rules or [Work(rule, (), counts) for rule, counts in self._facts.values()]


def _weight(work: Work) -> int:
    return sum(work.met)


def _exceeded(passed: str, work: Work | None) -> GroundingError:
    hint = "bind more arguments in what is asked or in the goals before, or allow a larger budget"
    message = f"grounding goes beyond its budget of {passed}"
    if work is None:
        return GroundingError("budget-exceeded", message, hint=hint)
    name = f"{work.rule.predicate.name}/{work.rule.predicate.arity}"
    if not work.rule.body:
        what = f"the facts of {name}, which were met {_weight(work):,} times"
    else:
        what = f"{_named(work.rule)}, with {_weight(work):,} instances so far: {_joins(work)}"
    return GroundingError(
        "budget-exceeded", f"{message}; most went to {what}", span=work.rule.span, hint=hint
    )


def _named(rule: Rule) -> str:
    return (
        "this goal" if rule.predicate.internal else f"a rule of {rule.predicate.name}/{rule.predicate.arity}"
    )


def _joins(work: Work) -> str:
    """How many instances there are after each goal."""
    begun, *after = (f"{count:,}" for count in work.met)
    steps = (f"{count} after {_goal(goal)}" for goal, count in zip(work.goals, after, strict=True))
    return ", ".join([f"{begun} begun", *steps])


def _goal(goal: Instruction) -> str:
    if goal.span is not None:
        return " ".join(goal.span.text.split())[:60]
    return "call" if isinstance(goal, MetaCall) else "a goal"


def _resident() -> int:
    """The bytes of memory that the process holds; where the system does not tell, the most it ever held.

    Raises `EngineError` (no-memory-reading) where the system tells neither.
    """
    try:
        return int(_STATUS.read_text("ascii").split()[1]) * _page_size()
    except OSError:
        return _most_resident()


def _page_size() -> int:
    import resource  # noqa: PLC0415

    return resource.getpagesize()


def _most_resident() -> int:
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        raise EngineError(
            "no-memory-reading",
            "this system does not say how much memory a process holds",
            hint="limit nodes or seconds instead",
        ) from None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most << 10
