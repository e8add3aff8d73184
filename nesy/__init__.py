"""Neurosymbolic reasoning: rules, circuits and networks in one trainable module.

Names that need torch (`Model`, `Network`, `logits`, `log_probs`) are imported when first used, so that
checking and solving rule files starts at once.
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
    from nesy.nn import Model, Network, log_probs, logits

_FROM_NN = ("Model", "Network", "log_probs", "logits")

__all__ = [
    "Answer",
    "Budget",
    "CostEstimate",
    "Diagnostic",
    "FactTable",
    "Model",
    "NesyError",
    "Network",
    "Solution",
    "__version__",
    "check",
    "csv",
    "estimate",
    "facts",
    "foreign",
    "load",
    "log_probs",
    "logits",
    "parse",
    "solve",
    "sql",
    "with_facts",
]


def __getattr__(name: str) -> Any:
    if name in _FROM_NN:
        return getattr(import_module("nesy.nn"), name)
    raise AttributeError(f"module 'nesy' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
