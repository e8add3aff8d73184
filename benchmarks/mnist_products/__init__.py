"""MNIST products: learn to read digits from nothing but the products of numbers."""
