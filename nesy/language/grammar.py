"""The statement level in pyparsing: heads, arrow, body, dot, and recovery after a mistake.

    program    = { statement }
    statement  = heads ( "." | rest )   |   rest
    rest       = arrow body "."

Elements look at tokens that are there already; the location between two elements is always the
start of a token (or the end of the text), so there is no white space left to skip. Facts, of which
files hold most, are completed where their heads are read.
"""

from __future__ import annotations

from typing import Any, final

import pyparsing as pp

from nesy.errors import Diagnostic
from nesy.language.goals import goal
from nesy.language.heads import heads
from nesy.language.malformed import Malformed
from nesy.language.mistakes import unexpected
from nesy.language.operator_directives import obeyed, read_operator_directive, starts_operator_directive
from nesy.language.operators import CLAUSE_PRIORITY, INFIX
from nesy.language.reader import Reader
from nesy.language.statements import constraint_or_directive, fact_or_rule
from nesy.language.syntax import Compound, Directive, Goal, Head, Statement, indicator
from nesy.language.tokens import END, STOP
from nesy.language.wellformed import check_ranges

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
class _Body(_Element):
    """The body of a rule; gives a `Goal`."""

    def parseImpl(self, instring: str, loc: int, do_actions: bool = True) -> Parsed:  # noqa: N802
        reader, tokens = self.reader, self.tokens
        index = reader.index = tokens.index_at(loc)
        if index == reader.first + 1 and starts_operator_directive(tokens, index):
            directive, reader.index = read_operator_directive(tokens, index)
            return tokens.starts[reader.index], [directive]
        term = reader.read(CLAUSE_PRIORITY - 1)
        if tokens.kinds[reader.index] != STOP:
            raise unexpected(tokens, reader.index, reader.first)
        return tokens.starts[reader.index], [goal(term)]


@final
class _Arrow(_Element):
    """`:-` or `<-`; gives nothing."""

    def parseImpl(self, instring: str, loc: int, do_actions: bool = True) -> Parsed:  # noqa: N802
        index = self.tokens.index_at(loc)
        text = self.tokens.texts[index]
        if text not in _ARROWS:
            raise self._fail(loc)
        self.reader.note(INFIX[text], index)
        return self.tokens.starts[index + 1], []


@final
class _Dot(_Element):
    """The dot that ends a statement; gives nothing."""

    def parseImpl(self, instring: str, loc: int, do_actions: bool = True) -> Parsed:  # noqa: N802
        index = self.tokens.index_at(loc)
        if self.tokens.kinds[index] != STOP:
            raise self._fail(loc)
        self.reader.index = index
        return self.tokens.starts[index + 1], []


@final
class _Program(_Element):
    """The statements to the end of the text; of a malformed one, its diagnosis is kept instead."""

    def __init__(self, reader: Reader, diagnostics: list[Diagnostic]) -> None:
        super().__init__(reader)
        self.diagnostics = diagnostics
        self.rest = (_Arrow(reader) + _Body(reader) + _Dot(reader)).leave_whitespace()

    def parseImpl(self, instring: str, loc: int, do_actions: bool = True) -> Parsed:  # noqa: N802
        tokens, reader = self.tokens, self.reader
        statements: list[Statement] = []
        index = 0
        while tokens.kinds[index] != END:
            reader.start_statement(index)
            try:
                statement = self._statement(instring, index)
                if reader.ranges:
                    check_ranges(statement)
                statements.append(statement)
                index = reader.index + 1
            except Malformed as problem:
                index = self._recover(problem, index)
            except pp.ParseBaseException as failure:
                index = self._recover(unexpected(tokens, tokens.index_at(failure.loc), index), index)
        return len(instring), [statements]

    def _statement(self, instring: str, index: int) -> Statement:
        """The statement that starts at a token; the reader is left at its dot."""
        tokens, reader = self.tokens, self.reader
        if tokens.texts[index] in _ARROWS:
            body = self._rest(instring, index)
            found = constraint_or_directive(body, tokens.span(index, reader.index))
            if isinstance(found, Directive):
                self._obey(found)
            return found
        first = self._heads()
        if tokens.kinds[reader.index] == STOP:
            return fact_or_rule(first, None, tokens.span(index, reader.index))
        body = self._rest(instring, reader.index)
        return fact_or_rule(first, body, tokens.span(index, reader.index))

    def _heads(self) -> tuple[Head, ...]:
        """The heads of a clause, up to its dot or arrow."""
        reader, tokens = self.reader, self.tokens
        term = reader.read(CLAUSE_PRIORITY - 1)
        # What follows is looked at first: a mistake there explains an odd head better.
        if tokens.kinds[reader.index] != STOP and tokens.texts[reader.index] not in _ARROWS:
            raise unexpected(tokens, reader.index, reader.first)
        return heads(term)

    def _rest(self, instring: str, index: int) -> Goal:
        """Arrow, body and dot, from the arrow's token on."""
        _, found = self.rest.parseImpl(instring, self.tokens.starts[index])
        body: Goal = found[0]
        return body

    def _obey(self, directive: Directive) -> None:
        """Let an `op` directive change how the rest of the text is read."""
        if isinstance(directive.term, Compound) and indicator(directive.term) == ("op", 3):
            self.reader.use(obeyed(directive.term, self.tokens.operators), self.reader.index + 1)

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
    """The grammar of a program over a reader's tokens; malformed statements go to `diagnostics`.

    Gives one list, of the statements.
    """
    return _Program(reader, diagnostics)
