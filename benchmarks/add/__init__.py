"""Addition as a sketch: learn what happens within a column, from sums of short numbers."""
