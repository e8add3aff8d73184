"""The diffusion engine on the corpus: nothing learnt yet, symbols are as independent as the rules say."""

from __future__ import annotations

from nesy.engines.diffusion import Diffusion
from tests.conformance.suite import EngineConformance

DRAWS = 1024


class TestDiffusion(EngineConformance):
    engine = Diffusion(draws=DRAWS, votes=64, samples=128, candidates=64, steps=2, seed=0)
    draws = DRAWS
