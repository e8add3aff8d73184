"""Neurosymbolic reasoning: rules, circuits and networks in one trainable module.

Names that need torch (`Model`, `SequenceModel`, `Objective`, `Network`, `logits`, `log_probs`), `prepare`,
`evaluate`, `explain_probability` and those of reasoning (`models`, `explain`, ...) are imported when first
used, so that checking and solving rule files starts at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nesy.engines.solve import Answer, Solution, solve
from nesy.errors import Diagnostic, NesyError
from nesy.grounding.budget import Budget
from nesy.grounding.cost import CostEstimate, estimate
from nesy.language import check, load, parse
from nesy.language.fact_sources import csv, facts, sql, with_facts
from nesy.language.facts import FactTable
from nesy.language.foreign import foreign
from nesy.version import __version__

if TYPE_CHECKING:
    from nesy.engines.algebraic import Valuation, evaluate
    from nesy.engines.audit import Audit, audit
    from nesy.engines.explaining import ProbabilityExplanation, explain_probability
    from nesy.engines.reasoning import (
        Count,
        Explanation,
        Interpretation,
        Optimum,
        Part,
        Proof,
        Repair,
        Satisfiability,
        count,
        entails,
        explain,
        models,
        optimize,
        prove,
        repair,
        satisfiable,
    )
    from nesy.engines.tasks.tasks import Tasks, prepare
    from nesy.nn import Model, Network, Objective, SequenceModel, log_probs, logits

_REASONING = (
    *("Count", "Explanation", "Interpretation", "Optimum", "Part", "Proof", "Repair", "Satisfiability"),
    *("count", "entails", "explain", "models", "optimize", "prove", "repair", "satisfiable"),
)
_LATE = {
    **dict.fromkeys(("Model", "Network", "Objective", "SequenceModel", "log_probs", "logits"), "nesy.nn"),
    **dict.fromkeys(("Valuation", "evaluate"), "nesy.engines.algebraic"),
    **dict.fromkeys(("Audit", "audit"), "nesy.engines.audit"),
    **dict.fromkeys(("ProbabilityExplanation", "explain_probability"), "nesy.engines.explaining"),
    **dict.fromkeys(_REASONING, "nesy.engines.reasoning"),
    **dict.fromkeys(("Tasks", "prepare"), "nesy.engines.tasks.tasks"),
}
"""The modules of what is imported when first used."""

__all__ = [
    "Answer",
    "Audit",
    "Budget",
    "CostEstimate",
    "Count",
    "Diagnostic",
    "Explanation",
    "FactTable",
    "Interpretation",
    "Model",
    "NesyError",
    "Network",
    "Objective",
    "Optimum",
    "Part",
    "ProbabilityExplanation",
    "Proof",
    "Repair",
    "Satisfiability",
    "SequenceModel",
    "Solution",
    "Tasks",
    "Valuation",
    "__version__",
    "audit",
    "check",
    "count",
    "csv",
    "entails",
    "estimate",
    "evaluate",
    "explain",
    "explain_probability",
    "facts",
    "foreign",
    "load",
    "log_probs",
    "logits",
    "models",
    "optimize",
    "parse",
    "prepare",
    "prove",
    "repair",
    "satisfiable",
    "solve",
    "sql",
    "with_facts",
]


def __getattr__(name: str) -> Any:
    if name in _LATE:
        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'nesy' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
