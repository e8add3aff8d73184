"""Sorting as a sketch: learn when to swap two numbers, from short lists and their order."""
