"""From a ground program to a decomposable, deterministic circuit. Free of torch."""
