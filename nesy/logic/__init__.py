"""Ground logic: the AND-OR graph over multi-valued symbols, cycles, CNF. Free of torch."""
