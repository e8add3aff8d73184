"""Formulas: learn to read digits and operators from nothing but the values of hand-written formulas."""
