"""The diffusion engine, by its options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, final

from nesy.engines.diffusion.options import Options
from nesy.engines.inference import Engine
from nesy.logic.program import GroundProgram

if TYPE_CHECKING:
    from nesy.engines.diffusion.inference import DiffusionInference


@final
@dataclass(frozen=True)
class Diffusion(Options, Engine):
    """Masked discrete diffusion over the symbols: a distribution in which symbols depend on one another.

    samples: S, completions of each example's partly masked world, behind the loss of the outputs.
    steps: T, of denoising; more than there are symbols are not taken.
    candidates: K, completions among which guided sampling chooses at each step.
    sharpness: β; a completion is chosen with weight exp(-β * violated outputs and constraints).
    blank: the share of examples learnt from with all symbols masked, so that no drawn world adds noise.
    votes: L, worlds behind a prediction. draws: worlds behind `log_prob` and `marginals`.
    concept_weight, entropy_weight: of these two terms of the loss, beside that of the outputs.
    entropy: what the second of them rewards: "unconditional", the entropy of the beliefs, the mean over
    symbols that networks read; "conditional", that of the worlds which the targets leave, by a circuit.
    estimator: how the loss of the outputs is estimated, as in the engine `sampling`: "reinforce" is the score
    function with a leave-one-out baseline; "auto" takes guided draws for what falls into small parts.
    width: of the unmasking network, a multiple of 4; 0 is without one: symbols are independent.
    seed: of the engine's own random numbers; None takes a fresh one.
    """

    name: ClassVar[str] = "diffusion"

    def build(self, program: GroundProgram) -> DiffusionInference:
        """Cost: O(nodes and edges of the graph); with the conditional entropy, compiling."""
        # The options are known without loading torch.
        from nesy.engines.diffusion.inference import DiffusionInference  # noqa: PLC0415

        return DiffusionInference(self, program)
