"""MNIST addition: learn to read digits from nothing but sums of N-digit numbers."""
