"""What to leave out where a program has no possible world."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import final

from nesy.engines.reasoning.asking import Observations
from nesy.engines.reasoning.clauses import SOLVER
from nesy.engines.reasoning.forcing import Denied, Forcing, denied
from nesy.engines.reasoning.parts import Part, kinds, lines
from nesy.engines.solver_interrupts import interruptible
from nesy.errors import EngineError
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program


@final
@dataclass(frozen=True, slots=True)
class Repair:
    """Parts of a program without which it has a possible world; none of them could stay.

    There are none where nothing needs repair, and a repair is then false in conditions.
    """

    parts: tuple[Part, ...]

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __str__(self) -> str:
        return "\n".join(("leave out", *lines(self.parts))) if self.parts else "nothing needs repair"


def repair(
    program: Program,
    *,
    given: Observations | None = None,
    among: Iterable[str] | None = None,
    background: Iterable[str] = (),
    limit: int | None = None,
    budget: Budget | None = None,
) -> Iterator[Repair]:
    """The minimal sets of parts to leave out, so that there is a possible world; the smallest first.

    One empty set where there is a world already; none where the parts in question cannot help.
    given, budget: as for `satisfiable`. among, background: as for `explain`; among=("observation",) asks
    which observations are wrong.
    limit: list so many at most.
    Raises `NesyError`, when called: see `ground`; unknown-value, unknown-kind, invalid-count.
    Cost: grounding with all parts in question (see `explain`), and for each repair one MaxSAT call.
    """
    if limit is not None and limit < 0:
        raise EngineError("invalid-count", f"{limit} repairs cannot be listed", hint="ask for none or more")
    question = denied(Forcing(program, given, kinds(among), tuple(background), budget), None)
    return islice(_repairs(question), limit)


def _repairs(question: Denied) -> Iterator[Repair]:
    """Minimal correction subsets by MaxSAT: the best world, then the best that no repair so far allows."""
    from pysat.examples.rc2 import RC2  # noqa: PLC0415 - where it is needed only
    from pysat.formula import WCNF  # noqa: PLC0415

    formula = WCNF()
    formula.extend(question.clauses)
    for switch in question.switches:
        formula.append([switch], weight=1)
    with interruptible(), RC2(formula, solver=SOLVER) as search:
        while (model := search.compute()) is not None:
            held = set(model)
            off = [switch for switch in question.switches if switch not in held]
            yield Repair(tuple(question.switches[switch] for switch in off))
            if not off:
                return
            search.add_clause(off)
