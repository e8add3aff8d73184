"""Colours of a map's regions, read from noisy patches: the most probable map whose neighbours differ."""
