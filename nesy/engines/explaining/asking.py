"""`nesy.explain_probability`: why an atom has the probability it has."""

from __future__ import annotations

from nesy.engines.explaining.explainer import Explainer
from nesy.engines.explaining.explanation import ProbabilityExplanation
from nesy.engines.explaining.influences import priors
from nesy.engines.reasoning.asking import Claim, Observations, asking
from nesy.engines.solve import TRUE_VALUE, probabilities
from nesy.errors import EngineError
from nesy.grounding.budget import Budget
from nesy.grounding.recorded import ground_recorded
from nesy.language.syntax import Program

PROOFS = 3
"""How many proofs are shown where nothing is said."""


def explain_probability(
    program: Program,
    atom: str,
    *,
    given: Observations | None = None,
    proofs: int = PROOFS,
    budget: Budget | None = None,
) -> ProbabilityExplanation:
    r"""Why an atom, or `\+atom`, has the probability it has: its proofs, and what it owes to each choice.

    given: atoms that are known to hold, or not to, beside the program's evidence.
    proofs: how many to show. budget: what grounding may spend.
    Raises `NesyError`: see `ground`; not-ground, unknown-value, invalid-count, inconsistent-evidence,
    needs-networks.
    Cost: grounding by resolution, compiling a circuit, a search for the proofs, and for each of them
    O(instances of rules); loads no torch.
    """
    require_count(proofs)
    claim = Claim.parse(atom)
    asked = asking(program, [claim.atom], given)
    explainer = Explainer(ground_recorded(asked, evaluate=probabilities, budget=budget))
    value = TRUE_VALUE if claim.holds else 1 - TRUE_VALUE
    return explainer.explained(str(claim), 0, value, priors(explainer.program), proofs)


def require_count(proofs: int) -> None:
    """Raises `EngineError` (invalid-count) for a number of proofs that means nothing. Cost: O(1)."""
    if proofs < 1:
        raise EngineError(
            "invalid-count", f"{proofs} proofs cannot be shown", hint="ask for one proof at least"
        )
