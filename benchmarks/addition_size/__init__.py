"""How grounding, compiling and circuits of N-digit addition grow with N."""
