"""The sat engine on the corpus."""

from __future__ import annotations

from tests.conformance.suite import EngineConformance


class TestSat(EngineConformance):
    engine = "sat"
