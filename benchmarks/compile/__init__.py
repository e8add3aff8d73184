"""Compilation beside ProbLog, pysdd and d4: the same programs and answers, and the time each takes."""
