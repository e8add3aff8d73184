"""Pictures: of predicates, ground rules and circuits, of training, and of what a model gets right.

Each function gives a `Picture`; `save` writes one as SVG, or several as a page.
"""

from nesy.viz.curves import training
from nesy.viz.judgement import confusion, reliability
from nesy.viz.picture import Picture
from nesy.viz.pictures import circuit, circuit_of_file, ground, predicates
from nesy.viz.saving import save

__all__ = [
    "Picture",
    "circuit",
    "circuit_of_file",
    "confusion",
    "ground",
    "predicates",
    "reliability",
    "save",
    "training",
]
