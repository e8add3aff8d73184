"""Why an answer is forced: the fewest parts of a program that force it, whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from nesy.engines.reasoning.asking import NOT, Claim, Observations
from nesy.engines.reasoning.forcing import Forcing, forcing_parts
from nesy.engines.reasoning.parts import Part, kinds, lines
from nesy.engines.reasoning.satisfying import holds_and_fails
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program


@final
@dataclass(frozen=True, slots=True)
class Explanation:
    r"""Parts of a program that force an answer, none of which could be spared.

    conclusion: what holds in every world, `alarm` or `\+alarm`; None where there is no possible world.
    parts: in order of the text, and what is given last. None are needed where rules cannot change the
    answer, as for an atom that no rule gives.
    smallest: whether no fewer parts would do; otherwise none can be left out, but others might be fewer.
    """

    conclusion: str | None
    parts: tuple[Part, ...]
    smallest: bool

    def __str__(self) -> str:
        if self.conclusion is None:
            said = "there is no possible world"
        elif self.conclusion.startswith(NOT):
            said = f"{self.conclusion.removeprefix(NOT)} holds in no possible world"
        else:
            said = f"{self.conclusion} holds in every possible world"
        if not self.parts:
            return f"{said}, whatever is left out"
        return "\n".join((f"{said}, because of", *lines(self.parts)))


def explain(
    program: Program,
    atom: str | None = None,
    *,
    given: Observations | None = None,
    smallest: bool = True,
    among: Iterable[str] | None = None,
    background: Iterable[str] = (),
    budget: Budget | None = None,
) -> Explanation | None:
    """Why an atom holds in every possible world, or in none; without an atom, why there is no world.

    The answer's parts force it whichever of the others are left out. What is no part of the program
    stays so: that no other rule gives an atom needs no explanation.
    Where there is no possible world, that is what is explained. None where nothing is forced.
    given, budget: as for `satisfiable`.
    smallest: as few parts as possible (by implicit hitting sets: Ignatiev et al., 2015), which may take
    exponential time; otherwise a set of which none can be spared (by deletion).
    among: the kinds of parts that may be named: rule, fact, choice, constraint, observation. The others
    are taken for granted. background: predicates, such as `edge/2`, whose clauses are taken for granted.
    Raises `NesyError`: see `ground`; not-ground, unknown-value, unknown-kind.
    Cost: grounding twice, the second time with all parts in question: positive cycles over many facts
    are then expensive, unless the facts are background.
    """
    forcing = Forcing(program, given, kinds(among), tuple(background), budget)
    claim = None if atom is None else Claim.parse(atom)
    if claim is not None:
        possible, deniable = holds_and_fails(program, claim, given, budget)
        if possible and deniable:
            return None
        claim = claim if possible else claim.negated if deniable else None
    parts = forcing_parts(forcing, claim, smallest=smallest)
    if parts is None:
        return None
    return Explanation(None if claim is None else str(claim), parts, smallest)
