"""Inference engines: exact, sampling, SAT; one protocol, chosen by name."""
