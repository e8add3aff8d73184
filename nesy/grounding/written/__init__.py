"""A ground program written out: the graph of ground rules as statements of the language."""

from nesy.grounding.written.program import ground_program, written
from nesy.grounding.written.sizes import Sizes, sizes_of

__all__ = ["Sizes", "ground_program", "sizes_of", "written"]
