"""The options of the engine of most probable proofs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, final

from nesy.engines.inference import Engine
from nesy.engines.topk.options import Options
from nesy.logic.program import GroundProgram

if TYPE_CHECKING:
    from nesy.engines.topk.inference import TopKInference


@final
@dataclass(frozen=True)
class TopK(Options, Engine):
    """The k most probable proofs, and the probability that any of them holds: a lower bound.

    k: how many proofs `loss` takes. test_k: how many `log_prob`, `marginals` and `predict` take.
    beam: how many states of a search may go on after each number of choices, until nothing else is left;
    then it is doubled, as often as the effort allows. Wide enough, the proofs found are the k best.
    effort: how many states a search may look at, for each example. More of it, or of `k`, never gives a
    worse bound of what is observed, where there is no evidence and no constraint.
    perturb: in `loss` only, proofs are sought by beliefs to which standard Gumbel noise times this is
    added; their probability is that of the beliefs themselves. So a fresh network is not taught its own
    first guess. 0 turns it off.
    seed: of that noise; None draws a fresh one.
    """

    name: ClassVar[str] = "topk"

    def build(self, program: GroundProgram) -> TopKInference:
        """Raises `SemanticsError` (inconsistent-evidence) when no world meets the condition."""
        # The options are known without loading compiled code.
        from nesy.engines.topk.inference import TopKInference  # noqa: PLC0415

        return TopKInference(self, program)
