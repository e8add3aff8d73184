"""Explanations of probabilities."""
