"""The engine of most probable proofs on the corpus."""

from __future__ import annotations

from tests.conformance.suite import EngineConformance


class TestTopK(EngineConformance):
    engine = "topk"
