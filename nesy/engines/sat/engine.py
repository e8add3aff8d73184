"""The SAT-backed engine as users name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from nesy.engines.inference import Engine
from nesy.engines.sat.inference import SatInference
from nesy.engines.sat.options import Options
from nesy.logic.program import GroundProgram


@final
@dataclass(frozen=True)
class Sat(Options, Engine):
    """Most probable worlds by weighted MaxSAT.

    scale: log-probabilities times this, rounded, are the integer costs that are minimised. The search
    is exact for those; in nats the world found is within n / scale of the best, n being the number of
    symbols it decides (each cost is off by at most 1 / (2 scale), in either world). The bounds given
    are those of the world found, so rounding makes none of them false.
    time_limit: seconds for each example, after which the best world seen so far is taken. None
    searches until it is proven best. A search that has seen no world by then is an error (time-limit).
    jobs: how many processes share a batch, through joblib; -1 is one for each core, and None what
    `joblib.parallel_config` says, such as a Dask or Ray cluster.
    worlds: how many of the best worlds `log_prob`, `marginals` and `loss` sum. One is the quickest;
    several give tighter bounds, and labels that are as uncertain as those worlds leave them.
    training: what `loss` is. "abduction": minus the log of the summed probabilities of the best
    `worlds` that give the target, so the cross-entropy of the symbols towards them, each weighted by
    its probability among them. "perturb-and-map": that, and the log-probability of the best world
    without the target; their gradients' difference is the gradient.
    perturb: in `loss` only, standard Gumbel noise times this is added to every belief before the
    search (perturb-and-MAP), so the label is about a draw from the posterior over worlds, not
    always its mode: a fresh network does not take its first guess for the truth, and starts to
    learn several times sooner. 0 turns it off.
    seed: of that noise; None draws a fresh one.
    """

    name: ClassVar[str] = "sat"

    def build(self, program: GroundProgram) -> SatInference:
        """All outputs and the condition are encoded here, once: targets are assumptions.

        Raises `SemanticsError` (inconsistent-evidence) when no world meets the condition.
        """
        return SatInference(self, program)
