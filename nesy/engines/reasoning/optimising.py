"""The best possible world, by a linear objective over its atoms: weighted MaxSAT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Union, final

from nesy.engines.reasoning.asking import Observations, asking_worlds
from nesy.engines.reasoning.clauses import Worlds, grounded, worlds_of
from nesy.engines.reasoning.conflicts import no_worlds
from nesy.engines.reasoning.interpretation import Interpretation
from nesy.engines.reasoning.objective import Objective, objective
from nesy.errors import EngineError
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program, Query

Value = Union[int, float]


@final
@dataclass(frozen=True, slots=True)
class Optimum:
    """A best world, and the value of the objective there: exact, up to its rounding to a float.

    bound: the best that the value can be. It is the value where that is proved to be best, and may be better
    where a time limit has ended the search.
    """

    value: Value
    world: Interpretation
    bound: Value

    @property
    def proved(self) -> bool:
        """Whether there is no better world."""
        return self.value == self.bound


def optimize(
    program: Program,
    *,
    minimise: Objective | None = None,
    maximise: Objective | None = None,
    given: Observations | None = None,
    seconds: float | None = None,
    budget: Budget | None = None,
) -> Optimum:
    """A possible world in which a weighted sum of the atoms that hold is least, or most.

    minimise, maximise: one of them. A sum as text (`"2*a - 0.5*b(1)"`), a mapping from atoms to weights, or
    a list of pairs (weight, atom). An atom with variables stands for all its instances, and a variable may
    weigh them: `"Cost*buy(Item, Cost)"`.
    seconds: what the search may take, after grounding; the world is then the best found, and `bound` says
    what may still be better.
    given, budget: as for `satisfiable`. The world shows the atoms of the objective as well.
    Raises `NesyError`: see `ground`; unknown-value; invalid-objective, for weights that are not finite too;
    `SemanticsError` (inconsistent-evidence) where there is no possible world; `EngineError` (time-limit)
    where none was found in time.
    Weights are scaled to integers exactly, so that the optimum is one. Cost: grounding, and a run of RC2.
    """
    if (minimise is None) == (maximise is None):
        raise EngineError(
            "invalid-objective", "an optimum is of one objective", hint="give either minimise= or maximise="
        )
    if seconds is not None and not seconds > 0:
        raise EngineError("invalid-option", f"seconds is {seconds}", hint="give a number above 0")
    sign, said = (1, maximise) if maximise is not None else (-1, minimise)
    assert said is not None
    linear = objective(said)
    asked = asking_worlds(program, None, given)
    queries = (Query(term.atom) for term in linear.terms)
    worlds = worlds_of(grounded(replace(asked, statements=(*asked.statements, *queries)), budget))
    weights = linear.weights(worlds.program.outputs)
    best = _best(worlds, [sign * w for w in weights], seconds)
    if best is None:
        raise no_worlds(program, given, budget)
    world, bound = best
    held = (weight for weight, atom in zip(weights, world, strict=True) if world[atom])
    value = sum(held, linear.constant)
    return Optimum(_number(value), world, _number(sign * bound + linear.constant))


def _best(
    worlds: Worlds, weights: Sequence[Fraction], seconds: float | None
) -> tuple[Interpretation, Fraction] | None:
    """A world in which the atoms that hold weigh most, and the most that they can; None without a world.

    Raises `EngineError` (time-limit).
    """
    # Whoever asks for worlds alone need not wait for what searches the best.
    from nesy.engines.reasoning.cheapest import UndecidedError, cheapest  # noqa: PLC0415

    scale = lcm(*(w.denominator for w in weights))
    softs = [
        (x if w > 0 else -x, int(abs(w) * scale)) for w, x in zip(weights, worlds.asked, strict=True) if w
    ]
    try:
        found = cheapest(worlds.clauses, softs, seconds)
    except UndecidedError:
        raise EngineError(
            "time-limit",
            f"no possible world was found within {seconds:g} seconds",
            hint="allow more, or ask nesy.satisfiable whether there is one",
        ) from None
    if found is None:
        return None
    most = sum((w for w in weights if w > 0), Fraction(0))
    return worlds.interpretation(found.model), most - Fraction(found.bound, scale)


def _number(value: Fraction) -> Value:
    return value.numerator if value.denominator == 1 else float(value)
