"""The demo: `make demo`, or `python -m benchmarks demo`."""
