"""Circuits as files: our own format, and those of other compilers and viewers."""

from nesy.circuit.formats.dot import to_dot
from nesy.circuit.formats.names import Names, names_of_values
from nesy.circuit.formats.native import load, load_named, save
from nesy.circuit.formats.nnf_reading import read_nnf
from nesy.circuit.formats.nnf_writing import to_nnf
from nesy.circuit.formats.sdd import read_sdd

__all__ = [
    "Names",
    "load",
    "load_named",
    "names_of_values",
    "read_nnf",
    "read_sdd",
    "save",
    "to_dot",
    "to_nnf",
]
