"""A scripted editor: it starts `nesy lsp` and speaks the protocol with it over pipes."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

import nesy

ROOT = Path(nesy.__file__).parents[1]
COMMAND = "from nesy.cli.main import main; main()"
PATIENCE = 60.0
"""Seconds to wait for an answer, on a machine that is busy."""


class Client(LanguageClient):
    """A client that keeps the exit code of its server."""

    code: int | None = None

    async def server_exit(self, server: asyncio.subprocess.Process) -> None:
        self.code = server.returncode


class Editor:
    """A client with one text open at a time in each file."""

    def __init__(self, encodings: list[lsp.PositionEncodingKind] | None = None) -> None:
        self.client = Client("scripted", "1")
        self.encodings = encodings
        self.published: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()
        self.logged: list[str] = []
        self._version = 0

        @self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        async def keep(params: lsp.PublishDiagnosticsParams) -> None:
            self.published.put_nowait(params)

        @self.client.feature(lsp.WINDOW_LOG_MESSAGE)
        async def log(params: lsp.LogMessageParams) -> None:
            self.logged.append(params.message)

    async def start(self, *options: str) -> lsp.InitializeResult:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-W", "error", "-c", COMMAND, "lsp", "--stdio", *options]
        await self.client.start_io(*command, env=environment)
        general = lsp.GeneralClientCapabilities(position_encodings=self.encodings)
        asked = lsp.InitializeParams(lsp.ClientCapabilities(general=general))
        result = await self.client.initialize_async(asked)
        self.client.initialized(lsp.InitializedParams())
        return result

    async def stop(self) -> int | None:
        """Shut the server down; its exit code."""
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()
        return self.client.code

    def open(self, path: Path, text: str) -> lsp.TextDocumentIdentifier:
        item = lsp.TextDocumentItem(path.as_uri(), "nesy", self._next(), text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return lsp.TextDocumentIdentifier(item.uri)

    def change(self, document: lsp.TextDocumentIdentifier, text: str) -> int:
        version = self._next()
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(version, document.uri),
                [lsp.TextDocumentContentChangeWholeDocument(text)],
            )
        )
        return version

    async def diagnostics(self) -> lsp.PublishDiagnosticsParams:
        """What the server says next about a text."""
        return await asyncio.wait_for(self.published.get(), PATIENCE)

    def _next(self) -> int:
        self._version += 1
        return self._version


def converse(scene: Callable[[Editor], Awaitable[None]], editor: Editor, *options: str) -> int | None:
    """Play a scene with a server that is started for it; the server's exit code."""

    async def play() -> int | None:
        await asyncio.wait_for(editor.start(*options), PATIENCE)
        await asyncio.wait_for(scene(editor), PATIENCE)
        return await asyncio.wait_for(editor.stop(), PATIENCE)

    return asyncio.run(play())
