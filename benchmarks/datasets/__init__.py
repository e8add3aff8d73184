"""Data that several benchmarks share: reading, finding, downloading, checking."""
