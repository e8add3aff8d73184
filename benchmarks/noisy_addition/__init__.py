"""Noisy addition: learn digits from sums of which an unknown fraction is made up, and learn that fraction."""
