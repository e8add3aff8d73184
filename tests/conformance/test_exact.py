"""The exact engine on the corpus."""

from __future__ import annotations

from tests.conformance.suite import EngineConformance


class TestExact(EngineConformance):
    engine = "exact"
