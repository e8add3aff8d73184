"""The answers of independent parts put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from nesy.engines.inference import Array, Guarantee, Inference, Marginal
from nesy.kernels.arrays import namespace
from nesy.logic.parts import Part
from nesy.logic.program import GroundProgram

_WEAKNESS = (Guarantee.EXACT, Guarantee.LOWER_BOUND, Guarantee.UPPER_BOUND, Guarantee.ESTIMATE)
"""From the strongest to the weakest."""


@final
@dataclass(frozen=True, slots=True)
class Answering:
    """What answers for a part: for its outputs' marginals, and for its likelihood."""

    marginals: Inference
    likelihood: Inference


@final
@dataclass(frozen=True, slots=True)
class _Placed:
    """A part in its place. columns: of beliefs; outputs: their numbers in the whole program."""

    columns: Sequence[int]
    outputs: tuple[int, ...]
    answering: Answering

    def beliefs(self, whole: Array) -> Array:
        """(B, its columns) of the whole program's beliefs."""
        return whole[:, self.columns]

    def targets(self, whole: Array) -> Array:
        """(B, its outputs) of the whole program's targets."""
        return whole[:, list(self.outputs)]


@final
class Combined(Inference):
    """Independent parts, each answered by an engine of its own: likelihoods multiply, losses add up.

    The guarantee of likelihoods is the weakest of the parts'; a marginal has that of its own part.
    """

    def __init__(self, program: GroundProgram, parts: Sequence[tuple[Part, Answering]]) -> None:
        self._parts = [_Placed(p.columns(program), p.outputs, answering) for p, answering in parts]
        guarantees = [p.answering.likelihood.guarantee for p in self._parts if p.outputs]
        # Every other engine promises the same of all that it answers; here it depends on the parts.
        self.guarantee = max(guarantees, key=_WEAKNESS.index, default=Guarantee.EXACT)  # type: ignore[misc]
        self._networks = _together(
            {str(n): p.answering.likelihood.networks for n, p in enumerate(self._parts)}
        )

    @property
    def networks(self) -> Any:
        """Those of the parts, by the parts' numbers: a torch module; None where no part has any."""
        return self._networks

    def log_prob(self, beliefs: Array, targets: Array) -> Array:
        """(B,): the sum over the parts."""
        nothing = namespace(beliefs).zeros_like(beliefs[:, :0].sum(1))
        return self._total(beliefs, targets, lambda part, b, t: part.likelihood.log_prob(b, t), nothing)

    def loss(self, beliefs: Array, targets: Array) -> Array:
        """Scalar: the sum over the parts, each trained as its engine trains."""
        nothing = namespace(beliefs).zeros_like(beliefs[:0, :0].sum())
        return self._total(beliefs, targets, lambda part, b, t: part.likelihood.loss(b, t), nothing)

    def marginals(self, beliefs: Array) -> list[Marginal]:
        """For each output, what its part says."""
        found: dict[int, Marginal] = {}
        for part in self._parts:
            engine = part.answering.marginals
            if part.outputs:
                answers = engine.marginals(part.beliefs(beliefs))
                known = [Marginal(m.log_probs, m.standard_error, engine.guarantee) for m in answers]
                found.update(zip(part.outputs, known, strict=True))
        return [found[number] for number in range(len(found))]

    def predict(self, beliefs: Array) -> Array:
        """(B, m): for each output, what its part predicts."""
        xp = namespace(beliefs)
        asked = [part for part in self._parts if part.outputs]
        guesses = [part.answering.marginals.predict(part.beliefs(beliefs)) for part in asked]
        order = np.argsort([number for part in asked for number in part.outputs])
        return xp.concatenate(guesses, axis=1)[:, order.tolist()]

    def symbol_marginals(self, beliefs: Array) -> Array:
        """(B, V): for each symbol, what the engine says that answers for the marginals of its part."""
        found = beliefs
        for part in self._parts:
            own = part.beliefs(beliefs)
            said = part.answering.marginals.symbol_marginals(own)
            if said is not own:
                found = found.copy() if isinstance(found, np.ndarray) else found.clone()
                found[:, part.columns] = said
        return found

    def warm_up(self) -> None:
        """Those of the parts."""
        for part in self._parts:
            part.answering.likelihood.warm_up()

    def random_state(self) -> Mapping[str, Array]:
        """Those of the parts, by their numbers."""
        return {
            f"{number}.{name}": state
            for number, part in enumerate(self._parts)
            for name, state in part.answering.likelihood.random_state().items()
        }

    def set_random_state(self, state: Mapping[str, Array]) -> None:
        """Hand each part what is its own."""
        for number, part in enumerate(self._parts):
            prefix = f"{number}."
            own = {name.removeprefix(prefix): s for name, s in state.items() if name.startswith(prefix)}
            part.answering.likelihood.set_random_state(own)

    def _total(
        self, beliefs: Array, targets: Array, answer: Callable[[Answering, Array, Array], Array], start: Array
    ) -> Array:
        total = start
        for part in self._parts:
            if part.outputs:
                total = total + answer(part.answering, part.beliefs(beliefs), part.targets(targets))
        return total


def _together(networks: Mapping[str, Any]) -> Any:
    """Modules as one, by name; None where there are none."""
    found = {name: network for name, network in networks.items() if network is not None}
    if not found:
        return None
    from torch import nn  # noqa: PLC0415 - loaded already, as there is a module

    return nn.ModuleDict(found)
