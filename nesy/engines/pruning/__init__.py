"""Which values can still be completed to a world: a service for engines that build worlds step by step."""

from __future__ import annotations

from nesy.engines.pruning.partial_worlds import PartialWorlds
from nesy.engines.pruning.pruner import Pruner

__all__ = ["PartialWorlds", "Pruner"]
