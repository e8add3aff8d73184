"""How many possible worlds there are: exactly, by a circuit, or about, by hashing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Literal, final

from nesy.engines.inference import Guarantee
from nesy.engines.reasoning.asking import Observations, asking_worlds
from nesy.engines.reasoning.clauses import Worlds, grounded, worlds_of
from nesy.engines.reasoning.hashing import Hashing, hashed
from nesy.engines.reasoning.listing import listed
from nesy.engines.reasoning.satisfying import some_world
from nesy.errors import CompilationError, EngineError
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program

Method = Literal["exact", "approximate", "auto"]
METHODS: tuple[Method, ...] = ("exact", "approximate", "auto")

LISTABLE = 100_000
"""How many worlds that agree on what they show are told apart by listing."""
MEMORY = 256 << 20
"""Bytes that a circuit may fill before `auto` counts approximately."""


@final
@dataclass(frozen=True, slots=True)
class Count:
    """A number of worlds, and what it is worth.

    guarantee: exact, or an estimate. Of an estimate, with probability `confidence` at least, the number lies
    within a factor of 1 + `tolerance`; both are None where the number is exact.
    """

    value: int
    guarantee: Guarantee = Guarantee.EXACT
    tolerance: float | None = None
    confidence: float | None = None

    def __int__(self) -> int:
        return self.value

    @property
    def digits(self) -> str:
        """All digits of the number, of which Python itself shows no more than 4,300."""
        return format(Decimal(self.value), "f")

    def __str__(self) -> str:
        if self.tolerance is None:
            return self.digits
        return (
            f"about {self.digits} (within a factor of {1 + self.tolerance:g}, "
            f"with probability {self.confidence:g} at least)"
        )


def count(
    program: Program,
    *,
    given: Observations | None = None,
    project: Iterable[str] | None = None,
    method: Method = "exact",
    hashing: Hashing | None = None,
    budget: Budget | None = None,
) -> Count:
    """How many worlds `nesy.models` would list, with the same `given` and `project`; no limit on the number.

    method: "exact" compiles a circuit (projected worlds are listed, up to 100,000); "approximate" counts by
    hashing (ApproxMC: Chakraborty, Meel and Vardi, 2013), from `pip install nesy[counting]`; "auto" counts
    exactly, and approximately where that takes too much memory or listing.
    hashing: how exact and how sure approximate counting is, and its seed.
    Raises `NesyError`: see `ground`; unknown-value; invalid-option; missing-package, counter-failed; with
    "exact" `CompilationError` (out-of-memory) and `EngineError` (too-many-models).
    Cost: grounding, and compiling one circuit; or about log(number) times a few hundred SAT calls.
    """
    if method not in METHODS:
        raise EngineError(
            "invalid-option", f"method is {method!r}", hint=f"the methods are {', '.join(METHODS)}"
        )
    projected = None if project is None else tuple(project)
    worlds = worlds_of(grounded(asking_worlds(program, projected, given), budget))
    if method != "approximate":
        try:
            return Count(_listed(worlds) if projected is not None else _compiled(worlds, method))
        except (CompilationError, EngineError) as reason:
            if method == "exact" or reason.code not in ("out-of-memory", "too-many-models"):
                raise
    return _approximately(worlds, hashing or Hashing(), projected=projected is not None)


def _listed(worlds: Worlds) -> int:
    """Raises `EngineError` (too-many-models)."""
    found = sum(1 for _ in islice(listed(worlds, projected=True), LISTABLE + 1))
    if found > LISTABLE:
        raise EngineError(
            "too-many-models",
            f"there are more than {LISTABLE} worlds to tell apart by what they show",
            hint='leave project= out, or count by method="approximate"',
        )
    return found


def _compiled(worlds: Worlds, method: Method) -> int:
    """Raises `CompilationError` (out-of-memory)."""
    if some_world(worlds) is None:
        return 0
    # Whoever asks for worlds need not wait for the compiler.
    from nesy.engines.tasks.tasks import Tasks  # noqa: PLC0415

    # Networks may say anything: any beliefs without zeros will do.
    beliefs = {
        name: [1 / len(values)] * len(values)
        for (name, values), symbol in zip(worlds.names.items(), worlds.program.symbols, strict=True)
        if symbol.prior is None
    }
    return Tasks(worlds.program, memory=MEMORY if method == "auto" else None).count(beliefs=beliefs)


def _approximately(worlds: Worlds, hashing: Hashing, *, projected: bool) -> Count:
    """Raises `EngineError`: missing-package, counter-failed."""
    told = worlds.asked if projected else [x for values in worlds.symbols for x in values]
    if not told:
        return Count(0 if some_world(worlds) is None else 1)
    value, exactly = hashed(worlds.clauses, told, hashing)
    if exactly:
        return Count(value)
    return Count(value, Guarantee.ESTIMATE, hashing.tolerance, hashing.confidence)
