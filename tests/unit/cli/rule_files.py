"""Rule files for the tests of the command."""

from __future__ import annotations

BURGLARY = """\
% Pearl's example, in ten lines.
0.1 :: burglary.
0.2 :: earthquake.
0.7 :: hears(X) :- person(X).
person(john).
person(mary).
alarm :- burglary.
alarm :- earthquake.
query(alarm).
query(burglary).
"""
MALFORMED = "a :- c.\nquery(a)\n0.5 :: c"
"""Two statements without their dot; the first is at the end of line 2."""
CONTRADICTION = "0.5 :: a.\nb :- \\+ a.\nevidence(a).\nevidence(b).\nquery(a).\n"
