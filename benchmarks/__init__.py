"""Benchmarks: `python -m benchmarks NAME`; each checks its answers before it times anything."""
