"""Fuzzy logics as an engine's answers: degrees of truth in place of probabilities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, final

import numpy as np

from nesy.algebra import GODEL, LUKASIEWICZ, POSSIBILISTIC, PRODUCT, FuzzyLogic
from nesy.engines.fuzzy import Formulas, formulas
from nesy.engines.inference import Array, Guarantee, Inference, Marginal
from nesy.engines.outputs import marginals_of, most_probable, value_slices
from nesy.errors import EngineError
from nesy.kernels.arrays import namespace, pick
from nesy.logic.ground_rules import GroundRules
from nesy.logic.program import Symbol

PROBABILITY = "probability"
"""The semantics that is no fuzzy logic."""

SEMANTICS: dict[str, FuzzyLogic] = {
    "godel": GODEL,
    "product": PRODUCT,
    "lukasiewicz": LUKASIEWICZ,
    "possibility": POSSIBILISTIC,
}
"""The logics, by the word that asks for them."""


def fuzzy_inference(rules: GroundRules, semantics: str) -> FuzzyInference:
    """The inference of a logic on rules as they stand.

    Raises `EngineError`: unknown-semantics; fuzzy-evidence, cyclic-formula. Cost: O(nodes and edges).
    """
    if semantics not in SEMANTICS:
        raise EngineError(
            "unknown-semantics",
            f"there is no semantics {semantics!r}",
            hint=f"one of {', '.join([PROBABILITY, *SEMANTICS])}",
        )
    return FuzzyInference(formulas(rules, SEMANTICS[semantics]), semantics)


@final
class FuzzyInference(Inference):
    """Degrees of truth: what other engines call a log-probability is the logarithm of a degree here.

    Degrees of an output's values need not sum to 1. A degree of 0 has gradient exactly 0.
    Cost of every call: O(edges of the rules * B).
    """

    guarantee: ClassVar[Guarantee] = Guarantee.EXACT

    def __init__(self, found: Formulas, semantics: str) -> None:
        self.formulas = found
        self.semantics = semantics
        self._relative = _Relative(found.symbols) if semantics == "possibility" else None

    def log_prob(self, beliefs: Array, targets: Array) -> Array:
        """(B,): the log-degree of the conjunction of the observed targets, in the logic."""
        degrees = self._degrees(beliefs)
        xp = namespace(beliefs)
        chosen = []
        for part, target in zip(value_slices(self.formulas.outputs), targets.T, strict=True):
            observed = target >= 0
            degree = pick(degrees, part.start + xp.where(observed, target, 0))
            chosen.append(xp.where(observed, degree, xp.ones_like(degree)))
        return _log(_CONJUNCTIONS[self.semantics](chosen, xp))

    def marginals(self, beliefs: Array) -> list[Marginal]:
        """For each output, the log-degree of each of its values."""
        return marginals_of(self.formulas.outputs, _log(self._degrees(beliefs)))

    def predict(self, beliefs: Array) -> Array:
        """(B, m): the value of the greatest degree, the first of equals."""
        return most_probable(self.marginals(beliefs))

    def _degrees(self, beliefs: Array) -> Array:
        xp = namespace(beliefs)
        logs = beliefs if self._relative is None else self._relative.to_best(beliefs)
        return self.formulas.evaluator.evaluate(xp.exp(logs).T)


@final
class _Relative:
    """Beliefs in proportion to the most probable value of their symbol."""

    def __init__(self, symbols: Sequence[Symbol]) -> None:
        sizes = [len(s.values) for s in symbols]
        starts = np.concatenate([[0], np.cumsum(sizes)])[:-1].astype(np.int64)
        steps = np.arange(max(sizes, default=0))
        # Short symbols name their first value again.
        self._columns = starts[:, None] + np.where(steps < np.array(sizes)[:, None], steps, 0)
        self._owner = np.repeat(np.arange(len(sizes)), sizes)

    def to_best(self, beliefs: Array) -> Array:
        if not self._owner.size:
            return beliefs
        xp = namespace(beliefs)
        best = xp.amax(beliefs[:, self._columns], 2)
        return beliefs - best[:, self._owner]


def _log(degrees: Array) -> Array:
    """The logarithm; -inf with gradient 0 where a degree is 0."""
    xp = namespace(degrees)
    some = degrees > 0
    return xp.where(some, xp.log(xp.where(some, degrees, xp.ones_like(degrees))), -float("inf"))


def _least(degrees: Sequence[Array], xp: Any) -> Array:
    return xp.amin(xp.stack(degrees, 0), 0)


def _product(degrees: Sequence[Array], xp: Any) -> Array:
    return xp.stack(degrees, 0).prod(0)


def _bounded(degrees: Sequence[Array], xp: Any) -> Array:
    return xp.clip(1 - (1 - xp.stack(degrees, 0)).sum(0), 0, None)


_CONJUNCTIONS: dict[str, Callable[[Sequence[Array], Any], Array]] = {
    "godel": _least,
    "product": _product,
    "lukasiewicz": _bounded,
    "possibility": _least,
}
