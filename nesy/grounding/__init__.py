"""From a program and what is asked of it to a ground program: tabled, goal-directed, iterative."""
