"""The sampling engine on the corpus."""

from __future__ import annotations

from nesy.engines.sampling import Sampling
from tests.conformance.suite import EngineConformance

DRAWS = 2048


class TestSampling(EngineConformance):
    engine = Sampling(samples=DRAWS, seed=0)
    draws = DRAWS
