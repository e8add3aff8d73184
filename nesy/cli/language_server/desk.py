"""The texts that are open in an editor, each followed until what is said of it is about its newest form."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from nesy.cli.language_server.analysis import Analysis
from nesy.cli.permissions import Permissions
from nesy.errors import Diagnostic

QUIET = 0.2
"""Seconds without a change before a text is checked."""


@final
class Document:
    """One version of an open text. Another version is another document."""

    def __init__(self, uri: str, text: str, version: int | None, allowed: Permissions) -> None:
        self.uri = uri
        self.text = text
        self.version = version
        self._allowed = allowed

    @cached_property
    def analysis(self) -> Analysis:
        """The text, read. Cost: linear, once."""
        return Analysis(self.text, path_of(self.uri), self._allowed)


def path_of(uri: str) -> Path | None:
    """The file of an address; None for what is not saved yet."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    host = f"//{parts.netloc}" if parts.netloc else ""
    return Path(url2pathname(host + parts.path))


Publish = Callable[[Document, tuple[Diagnostic, ...]], None]
"""Says what was found about a document."""


@final
class Desk:
    """The open documents. Reading and checking happen in threads, so that questions are heard meanwhile."""

    def __init__(self, publish: Publish, allowed: Permissions) -> None:
        self._publish = publish
        self._allowed = allowed
        self._open: dict[str, Document] = {}
        self._followers: dict[str, asyncio.Task[None]] = {}

    def put(self, uri: str, text: str, version: int | None) -> None:
        """A text was opened or changed: it is checked as soon as it stays as it is for a moment."""
        self._open[uri] = Document(uri, text, version, self._allowed)
        if uri not in self._followers:
            self._followers[uri] = asyncio.create_task(self._follow(uri))

    def take(self, uri: str) -> None:
        """A text was closed."""
        self._open.pop(uri, None)

    def check_again(self) -> None:
        """A file has changed that open texts may name."""
        for document in list(self._open.values()):
            self.put(document.uri, document.text, document.version)

    async def analysis(self, uri: str) -> Analysis | None:
        """The newest form of an open text, read; None where it is not open."""
        document = self._open.get(uri)
        return None if document is None else await asyncio.to_thread(lambda: document.analysis)

    async def _follow(self, uri: str) -> None:
        """Check a text until what was said last is about its newest form. One check at a time."""
        said = None
        try:
            while (document := self._open.get(uri)) is not None and document is not said:
                await asyncio.sleep(QUIET)
                if self._open.get(uri) is not document:
                    continue
                found = await asyncio.to_thread(lambda text: text.analysis.diagnostics(), document)
                if self._open.get(uri) is document:
                    self._publish(document, found)
                    said = document
        finally:
            del self._followers[uri]
