"""Models over lists of any length."""

from nesy.nn.sequences.model import SequenceModel

__all__ = ["SequenceModel"]
