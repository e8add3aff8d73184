"""The SAT-backed engine: the most probable worlds that meet all rules, by weighted MaxSAT.

`Sat` are the options; `SatInference` is at work on one program: `encoded` are its clauses,
`search` finds worlds for integer `costs`, guided by unsatisfiable cores (`core_guided`), `batches`
spreads examples over processes, and `training` makes losses of the worlds found.
"""

from __future__ import annotations

from nesy.engines.sat.engine import Sat
from nesy.engines.sat.inference import SatInference
from nesy.engines.sat.results import BestWorlds

__all__ = ["BestWorlds", "Sat", "SatInference"]
