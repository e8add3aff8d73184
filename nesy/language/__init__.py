"""From rule text to a checked syntax tree: parser, printer, checks. Free of torch."""

from nesy.language.checked import check, load, parse
from nesy.language.parser import parse_atom

__all__ = ["check", "load", "parse", "parse_atom"]
