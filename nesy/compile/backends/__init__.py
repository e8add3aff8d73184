"""Compilers by name: our own and, as optional extras, d4 and the SDD library, behind one interface."""

from nesy.compile.backends.compiler import Compiler
from nesy.compile.backends.registry import compiler_named, names

__all__ = ["Compiler", "compiler_named", "names"]
