"""Neurosymbolic reasoning: rules, circuits and networks in one trainable module."""
