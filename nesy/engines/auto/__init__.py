"""The engine that chooses: exact where a circuit fits, an approximation for what is left."""

from nesy.engines.auto.engine import Auto

__all__ = ["Auto"]
