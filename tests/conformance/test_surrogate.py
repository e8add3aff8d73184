"""The engine of learned surrogates on the corpus."""

from __future__ import annotations

from nesy.engines.surrogate import Surrogate
from tests.conformance.suite import EngineConformance


class TestSurrogate(EngineConformance):
    engine = Surrogate(samples=128, first=400, tolerance=0.03)
    draws = 300
    """A surrogate draws none for an answer: it is held to what so many would give."""
