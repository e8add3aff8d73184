"""From a source to the statements of its rules, with every syntax error found on the way."""

from __future__ import annotations

from nesy.errors import Diagnostic, LanguageError, Source
from nesy.language.collector import collector_paused
from nesy.language.goals import callable_term
from nesy.language.grammar import program_grammar
from nesy.language.malformed import Malformed
from nesy.language.mistakes import unexpected
from nesy.language.operators import CLAUSE_PRIORITY
from nesy.language.reader import Reader
from nesy.language.syntax import Callable, Program
from nesy.language.tokens import END, STOP, Tokens
from nesy.language.wellformed import check_ranges


def parse_program(source: Source) -> tuple[Program, tuple[Diagnostic, ...]]:
    """The well-formed statements of a source, and a diagnostic for each of the others.

    Cost: linear in the text.
    """
    # A syntax tree has no cycles. Walking it while it grows would take a third of the time.
    with collector_paused():
        return read_program(Reader(Tokens(source)))


def read_program(reader: Reader) -> tuple[Program, tuple[Diagnostic, ...]]:
    """What `parse_program` gives, of a reader at the start of its tokens."""
    source = reader.tokens.source
    diagnostics: list[Diagnostic] = []
    grammar = program_grammar(reader, diagnostics).parse_with_tabs()
    statements = tuple(grammar.parse_string(source.text)[0])
    return Program(statements, source), tuple(diagnostics)


def parse_atom(text: str) -> Callable:
    """One atom, such as the template `addition(a, b, S)`; a final dot may be left out.

    Raises `LanguageError` where the text is anything else.
    """
    tokens = Tokens(Source("<atom>", text))
    reader = Reader(tokens)
    try:
        atom = callable_term(reader.read(CLAUSE_PRIORITY - 1), "an atom")
        behind = reader.index + (tokens.kinds[reader.index] == STOP)
        if tokens.kinds[behind] != END:
            raise unexpected(tokens, behind, 0)
        check_ranges(atom)
    except Malformed as problem:
        found = problem.diagnostic
        raise LanguageError(found.code, found.message, span=found.span, hint=found.hint) from None
    return atom
