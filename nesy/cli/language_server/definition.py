"""Where what stands under the cursor is defined."""

from __future__ import annotations

from nesy.cli.language_server.analysis import Analysis
from nesy.cli.language_server.words import NamedNetwork, NamedVariable, meant, word_at
from nesy.errors import Span

MOST_PLACES = 500
"""How many clauses are listed: facts may be many."""


def definitions(analysis: Analysis, offset: int) -> list[Span]:
    """The heads of a predicate's clauses, a network's first label, or where a variable first occurs.

    Of a predicate no more than `MOST_PLACES`. The places may be in files that the text names.
    """
    word = word_at(analysis, offset)
    if word is None:
        return []
    if isinstance(word, NamedVariable):
        tokens = analysis.tokens
        same = (i for i in analysis.statement_at(word.index) if tokens.texts[i] == word.name)
        return [tokens.span(next(same))] if word.name != "_" else []
    if isinstance(word, NamedNetwork):
        spans = [label.span for label in analysis.networks.get(word.name, []) if label.span is not None]
        return spans[:1]
    return [span for predicate in meant(analysis, word.key) for span in predicate.heads][:MOST_PLACES]
