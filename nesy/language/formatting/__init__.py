"""The canonical layout of rule texts: spacing and line breaks, with every comment kept."""

from nesy.language.formatting.format import format_text

__all__ = ["format_text"]
