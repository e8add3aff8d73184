"""The statement level in pyparsing: heads, arrow, body, dot, and recovery after a mistake.

    program    = { statement }
    statement  = clause | constraint
    clause     = heads ( "." | arrow body "." )
    constraint = arrow body "."

Elements look at tokens that are there already; the location between two elements is always the
start of a token (or the end of the text), so there is no white space left to skip.
"""

from __future__ import annotations

from typing import Any, final

import pyparsing as pp

from nesy.errors import Diagnostic
from nesy.language.goals import goal
from nesy.language.heads import heads
from nesy.language.malformed import Malformed
from nesy.language.mistakes import unexpected
from nesy.language.operators import CLAUSE_PRIORITY
from nesy.language.reader import Reader
from nesy.language.statements import constraint_or_directive, fact_or_rule, unsupported_directive
from nesy.language.tokens import END, FUNCTOR, STOP

_ARROWS = (":-", "<-")
Parsed = tuple[int, list[Any]]
"""Where the next element starts, and what was read."""


class _Element(pp.Token):
    """An element that reads from the tokens instead of the characters."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader
        self.tokens = reader.tokens
        self.mayIndexError = False
        self.leave_whitespace()

    def _fail(self, location: int) -> pp.ParseException:
        return pp.ParseException("", location, self.name, self)


@final
class _Heads(_Element):
    """The heads of a clause; gives a tuple of `Head`."""

    def parseImpl(self, instring: str, loc: int, do_actions: bool = True) -> Parsed:  # noqa: N802
        reader = self.reader
        reader.index = self.tokens.index_at[loc]
        term = reader.read(CLAUSE_PRIORITY - 1)
        # What follows is looked at first: a mistake there explains an odd head better.
        if self.tokens.kinds[reader.index] != STOP and self.tokens.texts[reader.index] not in _ARROWS:
            raise unexpected(self.tokens, reader.index, reader.first)
        return self.tokens.starts[reader.index], [heads(term)]


@final
class _Body(_Element):
    """The body of a rule; gives a `Goal`."""

    def parseImpl(self, instring: str, loc: int, do_actions: bool = True) -> Parsed:  # noqa: N802
        reader = self.reader
        index = reader.index = self.tokens.index_at[loc]
        directive = index == reader.first + 1 and self.tokens.kinds[index] == FUNCTOR
        if directive and self.tokens.texts[index] == "op":
            # Refused before it is read: the operators it names are not readable yet.
            raise unsupported_directive("op/3", self.tokens.span(index))
        term = reader.read(CLAUSE_PRIORITY - 1)
        if self.tokens.kinds[reader.index] != STOP:
            raise unexpected(self.tokens, reader.index, reader.first)
        return self.tokens.starts[reader.index], [goal(term)]


@final
class _Arrow(_Element):
    """`:-` or `<-`; gives nothing."""

    def parseImpl(self, instring: str, loc: int, do_actions: bool = True) -> Parsed:  # noqa: N802
        index = self.tokens.index_at[loc]
        if self.tokens.texts[index] not in _ARROWS:
            raise self._fail(loc)
        return self.tokens.starts[index + 1], []


@final
class _Dot(_Element):
    """The dot that ends a statement; gives nothing."""

    def parseImpl(self, instring: str, loc: int, do_actions: bool = True) -> Parsed:  # noqa: N802
        index = self.tokens.index_at[loc]
        if self.tokens.kinds[index] != STOP:
            raise self._fail(loc)
        self.reader.index = index
        return self.tokens.starts[index + 1], []


@final
class _Statement(_Element):
    """A statement, chosen by its first token; where it is malformed, its diagnosis is kept instead."""

    def __init__(self, reader: Reader, diagnostics: list[Diagnostic]) -> None:
        super().__init__(reader)
        self.diagnostics = diagnostics
        arrow, body, dot = _Arrow(reader), _Body(reader), _Dot(reader)
        self.clause = (_Heads(reader) + (dot | arrow + body + dot)).leave_whitespace()
        self.constraint = (arrow + body + dot).leave_whitespace()

    def parseImpl(self, instring: str, loc: int, do_actions: bool = True) -> Parsed:  # noqa: N802
        tokens = self.tokens
        index = tokens.index_at[loc]
        if tokens.kinds[index] == END:
            raise self._fail(loc)
        self.reader.start_statement(index)
        try:
            return self._well_formed(instring, loc, tokens.texts[index] in _ARROWS)
        except Malformed as problem:
            resume = self._recover(problem, index)
        except pp.ParseBaseException as failure:
            resume = self._recover(unexpected(tokens, tokens.index_at[failure.loc], index), index)
        return tokens.starts[resume], []

    def _well_formed(self, instring: str, loc: int, is_constraint: bool) -> Parsed:
        form = self.constraint if is_constraint else self.clause
        end, found = form.parseImpl(instring, loc)
        span = self.tokens.span(self.reader.first, self.reader.index)
        if is_constraint:
            return end, [constraint_or_directive(found[0], span)]
        return end, [fact_or_rule(found[0], found[1] if len(found) > 1 else None, span)]

    def _recover(self, problem: Malformed, first: int) -> int:
        """Keep a diagnosis; the token to go on with, always behind the first of the statement."""
        self.diagnostics.append(problem.diagnostic)
        tokens = self.tokens
        if problem.resume is not None and problem.resume > first:
            return problem.resume
        index = max(first, self.reader.index)
        while tokens.kinds[index] not in (STOP, END):
            index += 1
        return index if tokens.kinds[index] == END else index + 1


def program_grammar(reader: Reader, diagnostics: list[Diagnostic]) -> pp.ParserElement:
    """The grammar of a program over a reader's tokens; malformed statements go to `diagnostics`."""
    return pp.ZeroOrMore(_Statement(reader, diagnostics)).leave_whitespace()
