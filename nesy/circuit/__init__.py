"""Circuits as flat arrays: building, properties, layers. Free of torch."""
