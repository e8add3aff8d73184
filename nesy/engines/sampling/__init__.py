"""Inference by sampling: worlds drawn from the beliefs, and what the rules make of them."""

from __future__ import annotations

from nesy.engines.sampling.diagnostics import Diagnostics, NoHitsWarning
from nesy.engines.sampling.engine import Sampling, SamplingInference

__all__ = ["Diagnostics", "NoHitsWarning", "Sampling", "SamplingInference"]
