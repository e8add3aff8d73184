"""A program that is asked something else than its file says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nesy.language.parser import parse_atom
from nesy.language.syntax import Program, Query


def with_queries(program: Program, queries: Sequence[str]) -> Program:
    """The program with these atoms as its queries, in place of its own; without any, as it is.

    Raises `LanguageError` for what is no atom. Cost: linear in the statements.
    """
    if not queries:
        return program
    asked = [Query(atom, atom.span) for atom in map(parse_atom, queries)]
    kept = [statement for statement in program.statements if not isinstance(statement, Query)]
    return replace(program, statements=(*kept, *asked))
