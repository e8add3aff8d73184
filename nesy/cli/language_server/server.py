"""The language server: the requests of the protocol, each answered by its module."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar, Union, final

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from nesy.cli.language_server.analysis import Analysis
from nesy.cli.language_server.completion import completions
from nesy.cli.language_server.conversions import completion_item, diagnostics, locations, range_of, symbol
from nesy.cli.language_server.definition import definitions
from nesy.cli.language_server.desk import Desk, Document
from nesy.cli.language_server.hover import hover
from nesy.cli.language_server.lines import Encoding, Lines
from nesy.cli.language_server.outline import outline
from nesy.cli.permissions import NOTHING, Permissions
from nesy.errors import Diagnostic, NesyError, Source
from nesy.language.formatting import format_text
from nesy.version import __version__

_AtPlace = Union[lsp.HoverParams, lsp.DefinitionParams, lsp.CompletionParams]
Answer = TypeVar("Answer")
_ENCODINGS: dict[lsp.PositionEncodingKind | str | None, Encoding] = {
    lsp.PositionEncodingKind.Utf8: "utf-8",
    lsp.PositionEncodingKind.Utf16: "utf-16",
    lsp.PositionEncodingKind.Utf32: "utf-32",
}


@final
class NesyServer(LanguageServer):
    """A server for rule files. It answers of broken texts what can be read, and never grounds."""

    def __init__(self, allowed: Permissions = NOTHING) -> None:
        # Whole texts: rule files are small, and no difference in counting lines can garble one.
        super().__init__("nesy", __version__, lsp.TextDocumentSyncKind.Full)
        self.desk = Desk(self._publish, allowed)
        _follow_texts(self)
        _answer_about_words(self)
        _answer_about_texts(self)

    @property
    def encoding(self) -> Encoding:
        """How the client counts characters within a line."""
        return _ENCODINGS.get(self.workspace.position_encoding, "utf-16")

    def lines(self, text: str) -> Lines:
        """The lines of a text as the client counts them."""
        return Lines(text, self.encoding)

    async def ask(self, params: _AtPlace, question: Callable[[Analysis, int], Answer]) -> Answer | None:
        """What a question finds out about the place of a request; None where the text is not open.

        Reading a text, and the files that it names, goes on in a thread.
        """
        analysis = await self.desk.analysis(params.text_document.uri)
        if analysis is None:
            return None
        place = params.position
        offset = self.lines(analysis.source.text).offset(place.line, place.character)
        return await asyncio.to_thread(question, analysis, offset)

    def _publish(self, document: Document, found: tuple[Diagnostic, ...]) -> None:
        analysis, lines = document.analysis, self.lines(document.text)
        shown = diagnostics(analysis, lines, found)
        self.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(document.uri, shown, document.version)
        )


def _follow_texts(server: NesyServer) -> None:
    """What the editor says of its texts: opened, changed, saved, closed."""

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        server.desk.put(document.uri, document.text, document.version)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        document = server.workspace.get_text_document(params.text_document.uri)
        server.desk.put(document.uri, document.source, params.text_document.version)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        server.desk.check_again()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def changed_outside(params: lsp.DidChangeWatchedFilesParams) -> None:
        server.desk.check_again()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.desk.take(uri)
        # What was said of a text is shown until it is taken back.
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))


def _answer_about_words(server: NesyServer) -> None:
    """Hover, definition, completion."""

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hovered(params: lsp.HoverParams) -> lsp.Hover | None:
        shown = await server.ask(params, hover)
        if shown is None:
            return None
        content = lsp.MarkupContent(lsp.MarkupKind.Markdown, shown.text)
        return lsp.Hover(content, range_of(server.lines(shown.span.source.text), shown.span))

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    async def defined(params: lsp.DefinitionParams) -> list[lsp.Location]:
        uri, encoding = params.text_document.uri, server.encoding

        def places(analysis: Analysis, offset: int) -> list[lsp.Location]:
            return locations(analysis, uri, definitions(analysis, offset), encoding)

        return await server.ask(params, places) or []

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions())
    async def completed(params: lsp.CompletionParams) -> lsp.CompletionList:
        candidates = await server.ask(params, completions) or []
        items = [completion_item(candidate, rank) for rank, candidate in enumerate(candidates)]
        return lsp.CompletionList(is_incomplete=False, items=items)


def _answer_about_texts(server: NesyServer) -> None:
    """Outline and layout."""

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def outlined(params: lsp.DocumentSymbolParams) -> Sequence[lsp.DocumentSymbol]:
        analysis = await server.desk.analysis(params.text_document.uri)
        if analysis is None:
            return []
        lines = server.lines(analysis.source.text)
        return [symbol(lines, entry) for entry in outline(analysis)]

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    async def formatted(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
        analysis = await server.desk.analysis(params.text_document.uri)
        if analysis is None:
            return None
        text = analysis.source.text
        try:
            after = await asyncio.to_thread(laid_out, text, analysis.source.name)
        except NesyError as error:
            # The diagnostics say the same beside the text; formatting on save is no time for a box.
            server.window_log_message(lsp.LogMessageParams(lsp.MessageType.Info, str(error)))
            return None
        if after == text:
            return []
        end = lsp.Position(*server.lines(text).place(len(text)))
        return [lsp.TextEdit(lsp.Range(lsp.Position(0, 0), end), after)]


def laid_out(text: str, name: str) -> str:
    """The canonical layout of a text, with its own kind of line ends. Raises as `format_text` does."""
    ends = "\r\n" if "\r\n" in text else "\n"
    after = format_text(Source(name, text.replace("\r\n", "\n")))
    return after.replace("\n", ends)
