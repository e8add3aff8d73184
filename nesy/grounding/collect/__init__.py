"""Collecting and aggregating: `findall/3` and its kin, aggregates, and group-by aggregation in heads.

Such a goal has one result per set of solutions that may hold together. A result carries the literal
under which it is the one; the results of one goal (of one group, where it groups) exclude one another.
"""
