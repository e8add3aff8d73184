"""From a program and what is asked of it to a ground program: tabled, goal-directed, iterative."""

from nesy.grounding.ground import ground, ground_rules
from nesy.grounding.template import Template

__all__ = ["Template", "ground", "ground_rules"]
