"""The language server as editors meet it: a process that speaks the protocol."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from typer.testing import CliRunner

from nesy.cli import lsp as command
from nesy.cli.main import app
from tests.unit.cli.language_server.conversation import COMMAND, ROOT, Editor, converse

RULES = """\
% Whether there is a way.
way(X, Y) :- road(X, Y).
way(X, Y) :- road(X, Z), way(Z, Y).
0.9::road(a, b).   0.8::road(b,c).
query(way(a, c)).
"""


def position(text: str, word: str) -> lsp.Position:
    """The place of the first occurrence of a word."""
    before = text[: text.index(word)]
    return lsp.Position(before.count("\n"), len(before) - before.rfind("\n") - 1)


def test_what_an_editor_asks(tmp_path: Path) -> None:
    async def scene(editor: Editor) -> None:
        client = editor.client
        document = editor.open(tmp_path / "way.nesy", RULES)
        assert not (await editor.diagnostics()).diagnostics

        shown = await client.text_document_hover_async(lsp.HoverParams(document, position(RULES, "road")))
        assert shown is not None
        assert isinstance(shown.contents, lsp.MarkupContent)
        assert shown.contents.value.startswith("**road/2**: 2 clauses, from line 4")
        assert shown.range == lsp.Range(lsp.Position(1, 13), lsp.Position(1, 17))

        place = position(RULES, "way(Z")
        found = await client.text_document_definition_async(lsp.DefinitionParams(document, place))
        assert [(p.uri, p.range.start.line, p.range.end) for p in found] == [
            (document.uri, 1, lsp.Position(1, 9)),
            (document.uri, 2, lsp.Position(2, 9)),
        ]

        offered = await client.text_document_completion_async(lsp.CompletionParams(document, place))
        labels = [item.label for item in sorted(offered.items, key=lambda item: item.sort_text)]
        assert labels[:5] == ["X", "Y", "Z", "way/2", "road/2"]
        assert "between/3" in labels

        symbols = await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(document))
        assert [s.name for s in symbols] == ["way/2", "road/2", "query(way(a, c))."]
        assert symbols[0].range.end == lsp.Position(2, 35)

        options = lsp.DocumentFormattingParams(document, lsp.FormattingOptions(4, True))
        (edit,) = await client.text_document_formatting_async(options)
        assert edit.range == lsp.Range(lsp.Position(0, 0), lsp.Position(5, 0))
        assert edit.new_text == RULES.replace(").   0.8::road(b,c)", ").\n0.8::road(b, c)")
        editor.change(document, edit.new_text)
        assert await client.text_document_formatting_async(options) == ()

    assert converse(scene, Editor()) == 0


def test_diagnostics_follow_the_text(tmp_path: Path) -> None:
    async def scene(editor: Editor) -> None:
        client = editor.client
        document = editor.open(
            tmp_path / "rules.nesy", "p :- atom(X).\nquery(p). % \U0001f600 \nquery(p(1) ."
        )
        found = await editor.diagnostics()
        assert [(d.code, str(d.range)) for d in found.diagnostics] == [
            ("unclosed-bracket", "2:5-2:6"),
            ("singleton-variable", "0:10-0:11"),
        ]
        assert {d.source for d in found.diagnostics} == {"nesy"}

        # Texts that change quickly are checked when they stay as they are.
        for typed in ("q", "qu", "qua"):
            last = editor.change(document, f"p :- {typed}.\nquark.\nquery(p).\n")
        found = await editor.diagnostics()
        assert found.version == last
        (unknown,) = [d for d in found.diagnostics if d.code == "unknown-predicate"]
        assert unknown.severity == lsp.DiagnosticSeverity.Error
        assert unknown.message == "no clause defines qua/0\nhelp: did you mean quark/0?"

        # A text that cannot be read is left as it is.
        editor.change(document, "p :- .\n")
        options = lsp.DocumentFormattingParams(document, lsp.FormattingOptions(4, True))
        assert await client.text_document_formatting_async(options) is None
        assert "empty-body" in editor.logged[0]
        assert [d.code for d in (await editor.diagnostics()).diagnostics] == ["empty-body"]

        client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))
        assert not (await editor.diagnostics()).diagnostics
        nothing = lsp.HoverParams(document, lsp.Position(0, 0))
        assert await client.text_document_hover_async(nothing) is None

    assert converse(scene, Editor()) == 0


def test_other_files_and_other_encodings(tmp_path: Path) -> None:
    roads = tmp_path / "roads.pl"
    roads.write_text("road('\U0001f600', b).\nroad(b, c.\n")
    text = "% \U0001f600\n:- consult('roads.pl').\nway(X) :- road('\U0001f600', X).\nquery(way(_)).\n"

    async def scene(editor: Editor) -> None:
        client = editor.client
        document = editor.open(tmp_path / "way.nesy", text)
        (found,) = (await editor.diagnostics()).diagnostics
        assert (found.code, str(found.range)) == ("unclosed-bracket", "1:0-1:23")
        assert found.message.startswith(f"{roads}:2:5: ")

        place = lsp.Position(2, 12)
        (there,) = await client.text_document_definition_async(lsp.DefinitionParams(document, place))
        assert (there.uri, str(there.range)) == (roads.as_uri(), "0:0-0:15")

        roads.write_text("road('\U0001f600', b).\n")
        client.text_document_did_save(lsp.DidSaveTextDocumentParams(document))
        assert not (await editor.diagnostics()).diagnostics

    assert converse(scene, Editor([lsp.PositionEncodingKind.Utf8])) == 0


def test_a_server_whose_editor_is_gone_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", COMMAND, "lsp"],
        cwd=ROOT,
        input=b"",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"Traceback" not in done.stderr


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygls", None)
    result = CliRunner().invoke(app, ["lsp"])
    assert result.exit_code == 1
    assert result.stderr.startswith("error[missing-package]: the language server needs pygls")
    assert "pip install 'nesy[editor]'" in result.stderr
    assert command.__doc__ is not None
