"""Python functions in the grounder: their calls, and the values that go in and come out."""

from nesy.grounding.foreign.calls import foreign_builtins

__all__ = ["foreign_builtins"]
