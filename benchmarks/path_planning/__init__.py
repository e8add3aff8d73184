"""Cheapest ways over maps that are seen tile by tile: terrain learnt from ways alone."""
