"""Independent ways to the right answer. Nothing here imports nesy."""
