"""Grounding beside ProbLog and clingo: the same programs, the same answers, the time each takes."""
