"""Most probable worlds: the search of engine `sat` beside python-sat's MaxSAT solver."""
