"""Semirings as data: their constants, operations, and the laws they obey. Free of torch."""
