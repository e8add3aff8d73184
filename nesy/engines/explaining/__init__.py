"""Why an atom has the probability it has: its most probable proofs, and what it owes to each choice.

`asking` takes a program and an atom, `explainer` answers for one ground program. `derivations` are the
instances of rules that grounding recorded; `best`, `search` and `relaxing` find probable boxes, `truth` says
what holds in one, `choosing` and `steps` write a proof of it in the `words` of the rules, beginning with the
atoms that were `asked`. `influences` are derivatives and what would be otherwise. `explanation` is the
answer, made of `parts`; `text` and `fields` are what people and machines read of it.
"""

from nesy.engines.explaining.asking import explain_probability
from nesy.engines.explaining.explanation import ProbabilityExplanation
from nesy.engines.explaining.influences import Influence
from nesy.engines.explaining.parts import Change, Fact, Observation, ProbableProof
from nesy.engines.explaining.steps import Step

__all__ = [
    "Change",
    "Fact",
    "Influence",
    "Observation",
    "ProbabilityExplanation",
    "ProbableProof",
    "Step",
    "explain_probability",
]
