"""Why an atom has the probability it has: an object that people and programs read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from nesy.engines.explaining import text
from nesy.engines.explaining.influences import THRESHOLD, Influence
from nesy.engines.explaining.parts import Change, Observation, ProbableProof


@final
@dataclass(frozen=True)
class ProbabilityExplanation:
    r"""Why an atom has the probability it has.

    atom: what is explained, `alarm` or `\+alarm`, or an output's value. given: what it is conditioned on.
    proofs: the most probable ones, best first; where the probability is 0, those of the contrary.
    contrary: whether they are. exhaustive: whether these are all proofs; optimal: whether no others are more
    probable. influences: of all choices the answer depends on, what matters most first.
    observations: those that the answer depends on, where they are few enough to leave out one by one.
    """

    atom: str
    probability: float
    given: tuple[str, ...]
    proofs: tuple[ProbableProof, ...]
    contrary: bool
    exhaustive: bool
    optimal: bool
    influences: tuple[Influence, ...]
    observations: tuple[Observation, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """What would take the answer to the other side of one half, smallest changes first."""
        found = (Change(i.name, i.probability, i.flips_at) for i in self.influences if i.flips_at is not None)
        return tuple(sorted(found, key=lambda change: (change.size, change.name)))

    @property
    def likely(self) -> bool:
        """Whether the answer is above one half."""
        return self.probability > THRESHOLD

    def __str__(self) -> str:
        chapters = [
            text.answer_lines(self.atom, self.probability, self.given),
            self._proof_lines(),
            text.influence_lines(self.influences, posteriors=bool(self.given)),
            text.observation_lines(self.observations),
            self._change_lines(),
        ]
        return "\n\n".join("\n".join(lines) for lines in chapters if lines)

    def _proof_lines(self) -> list[str]:
        count = len(self.proofs)
        if not count:
            return ["no proof was found in the effort allowed"]
        whose = "it cannot hold; of the contrary the" if self.contrary else "its"
        if self.exhaustive:
            which = f"{whose} only proof" if count == 1 else f"{whose} {count} proofs"
        elif self.optimal:
            which = f"{whose} most probable proof{'s' if count > 1 else ''}"
        else:
            which = f"{whose} proofs, some of them"
        return [f"{which}:", *text.listed_proofs(self.proofs)]

    def _change_lines(self) -> list[str]:
        if not any(i.matters for i in self.influences):
            return []
        return text.change_lines(self.changes, f"{'below' if self.likely else 'above'} {THRESHOLD:g}")
