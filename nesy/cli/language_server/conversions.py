"""From what the language server finds to what the protocol calls it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types as lsp

from nesy.cli.language_server.analysis import Analysis
from nesy.cli.language_server.completion import Candidate
from nesy.cli.language_server.lines import Encoding, Lines
from nesy.cli.language_server.outline import Entry
from nesy.errors import Diagnostic, Source, Span
from nesy.language.syntax import Directive

SEVERITIES = {"error": lsp.DiagnosticSeverity.Error, "warning": lsp.DiagnosticSeverity.Warning}
CANDIDATES = {
    "predicate": lsp.CompletionItemKind.Function,
    "built-in": lsp.CompletionItemKind.Function,
    "network": lsp.CompletionItemKind.Module,
    "variable": lsp.CompletionItemKind.Variable,
    "statement": lsp.CompletionItemKind.Keyword,
    "directive": lsp.CompletionItemKind.Keyword,
}
ENTRIES = {
    "predicate": lsp.SymbolKind.Function,
    "neural": lsp.SymbolKind.Interface,
    "query": lsp.SymbolKind.Event,
    "evidence": lsp.SymbolKind.Event,
    "constraint": lsp.SymbolKind.Key,
    "directive": lsp.SymbolKind.Package,
}
MOST_SHOWN = 500
"""How many findings are shown of one text."""
DOES_NOTHING = frozenset({"unreachable-rule", "unused-predicate", "duplicate-clause"})
"""Findings about text that could be left out; editors show it faded."""


def range_of(lines: Lines, span: Span) -> lsp.Range:
    """The range of a span of the text that the lines are of."""
    ends = (lsp.Position(*lines.place(offset)) for offset in (span.start, span.end))
    return lsp.Range(*ends)


def diagnostics(analysis: Analysis, lines: Lines, found: Iterable[Diagnostic]) -> list[lsp.Diagnostic]:
    """What is shown of some findings: errors before warnings, and no more than anybody reads."""
    ranked = sorted(found, key=lambda one: one.severity != "error")
    return [diagnostic(analysis, lines, one) for one in ranked[:MOST_SHOWN]]


def diagnostic(analysis: Analysis, lines: Lines, found: Diagnostic) -> lsp.Diagnostic:
    """A finding; one about another file stands at the directive that names the file."""
    message = found.message if found.hint is None else f"{found.message}\nhelp: {found.hint}"
    if found.span is None:
        where = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
    elif analysis.is_here(found.span):
        where = range_of(lines, found.span)
    else:
        message = f"{found.span.source.name}:{found.span.line}:{found.span.column}: {message}"
        where = _directive_about(analysis, lines, found.span)
    return lsp.Diagnostic(
        range=where,
        message=message,
        severity=SEVERITIES[found.severity],
        code=found.code,
        source="nesy",
        tags=[lsp.DiagnosticTag.Unnecessary] if found.code in DOES_NOTHING else None,
    )


def _directive_about(analysis: Analysis, lines: Lines, span: Span) -> lsp.Range:
    """The directive that names the file of a place, else the first one, else the start of the text."""
    directives = [s.span for s in analysis.written.statements if isinstance(s, Directive) and s.span]
    name = Path(span.source.name).stem
    named = [place for place in directives if name in place.text]
    if not directives:
        return lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
    return range_of(lines, (named or directives)[0])


def locations(analysis: Analysis, uri: str, spans: list[Span], encoding: Encoding) -> list[lsp.Location]:
    """Places in the text of the address, and in files that it names; what is in no file is left out."""
    texts: dict[int, tuple[str | None, Lines]] = {}
    found = []
    for span in spans:
        source = span.source
        if id(source) not in texts:
            address = uri if analysis.is_here(span) else _address(source)
            texts[id(source)] = address, Lines(source.text, encoding)
        address, lines = texts[id(source)]
        if address is not None:
            found.append(lsp.Location(address, range_of(lines, span)))
    return found


def _address(source: Source) -> str | None:
    path = Path(source.name)
    return path.resolve().as_uri() if path.is_file() else None


def completion_item(candidate: Candidate, rank: int) -> lsp.CompletionItem:
    """A candidate; editors list those of lower rank first."""
    about = None
    if candidate.about:
        about = lsp.MarkupContent(lsp.MarkupKind.Markdown, candidate.about)
    return lsp.CompletionItem(
        label=candidate.label,
        kind=CANDIDATES[candidate.kind],
        detail=candidate.kind,
        documentation=about,
        filter_text=candidate.text,
        insert_text=candidate.text,
        sort_text=f"{rank:06}",
    )


def symbol(lines: Lines, entry: Entry) -> lsp.DocumentSymbol:
    """An entry of the outline."""
    return lsp.DocumentSymbol(
        name=entry.title,
        kind=ENTRIES[entry.kind],
        range=range_of(lines, entry.whole),
        selection_range=range_of(lines, entry.place),
        detail=entry.kind,
    )
