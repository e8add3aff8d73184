"""What a person types: history, completion, several lines, Ctrl-C and Ctrl-D."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from nesy.cli.repl.prompting import SessionCompleter, history_path, prompted
from nesy.cli.repl.session import Session
from nesy.cli.repl.suggestions import suggestions

CTRL_C, CTRL_D, TAB, UP = "\x03", "\x04", "\t", "\x1b[A"


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


def typed(
    keys: PipeInput, text: str, session: Session | None = None, history: Path | None = None
) -> list[str]:
    """The inputs that these keys give, in a new conversation."""
    keys.send_text(text + CTRL_D)
    return list(prompted(session or Session(), history))


def test_enter_ends_what_is_whole_and_nothing_else(keys: PipeInput) -> None:
    assert typed(keys, "a.\rb :-\rc,\rd.\r:help\r?- b.\r") == ["a.", "b :-\nc,\nd.", ":help", "?- b."]


def test_an_empty_line_ends_what_has_no_full_stop(keys: PipeInput) -> None:
    assert typed(keys, "alarm\r\r") == ["alarm\n"]


def test_ctrl_c_takes_back_what_is_typed(keys: PipeInput) -> None:
    assert typed(keys, f"p :-\r  q,{CTRL_C}a.\r") == ["", "a."]


def test_operators_of_the_session_say_where_a_statement_ends(keys: PipeInput) -> None:
    session = Session()
    session.enter(":- op(700, xfx, ..>).")
    assert typed(keys, "a ..> b.\r", session) == ["a ..> b."]


def test_inputs_are_remembered(keys: PipeInput, tmp_path: Path) -> None:
    history = tmp_path / "state" / "history"
    assert typed(keys, "first.\rsecond.\r", history=history) == ["first.", "second."]
    assert "+second." in history.read_text()
    assert typed(keys, f"{UP}{UP}\r", history=history) == ["first."]


def test_a_place_that_cannot_be_written_hinders_nobody(keys: PipeInput, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert typed(keys, "a.\r", history=tmp_path / "file" / "history") == ["a."]


def test_history_that_is_lost_on_the_way_hinders_nobody(
    keys: PipeInput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("prompt_toolkit.history.FileHistory.store_string", full)
    assert typed(keys, "a.\rb.\r", history=tmp_path / "history") == ["a.", "b."]


def test_where_inputs_are_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert history_path().name == "repl_history"


def test_tab_completes_what_is_alone(keys: PipeInput, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    session.enter("neighbouring(a, b).")
    completed = threading.Event()
    insert = Buffer.insert_text

    def watched(buffer: Buffer, *arguments: Any, **options: Any) -> None:
        insert(buffer, *arguments, **options)
        if buffer.text.endswith("neighbouring"):
            completed.set()

    def go_on() -> None:
        completed.wait(30)
        keys.send_text(f"(a, X).\r{CTRL_D}")

    # Candidates are looked for while keys are awaited.
    monkeypatch.setattr(Buffer, "insert_text", watched)
    keys.send_text(f"?- neighb{TAB}")
    later = threading.Thread(target=go_on)
    later.start()
    assert list(prompted(session)) == ["?- neighbouring(a, X)."]
    later.join()


def texts(before: str, session: Session | None = None) -> list[str]:
    return [found.text for found in suggestions(session or Session(), before)]


def test_predicates_and_variables_are_suggested() -> None:
    session = Session()
    session.enter("subway(a, b). subway(a).")
    assert texts("?- sub", session)[0] == "subway"
    assert {"subset", "subtract"} < set(texts("?- sub", session))
    (found,) = [s for s in suggestions(session, "?- subw") if s.text == "subway"]
    assert (found.replaces, found.about) == (4, "subway/2, 1")
    assert texts("p(Xs, Xyz) :- q(X") == ["Xs", "Xyz"]


@pytest.mark.parametrize("before", ["", "p('sub", "% sub", "p(12", "p ", "p(", "zzz"])
def test_nothing_is_suggested(before: str) -> None:
    assert texts(before) == []


def test_commands_and_what_they_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "roads.nesy").touch()
    (tmp_path / "rust.nesy").touch()
    session = Session()
    session.enter("road(a, b).")
    assert texts(":l") == [":load", ":list"]
    assert texts(":load ru") == ["rules/", "rust.nesy"]
    assert texts(":load rules/") == ["roads.nesy"]
    assert texts(":load none/") == []
    assert "sampling" in texts(":engine sa")
    assert texts(":list r", session) == ["road"]
    assert texts(":help x") == texts(":frob x") == []


def test_suggestions_are_what_prompts_are_given() -> None:
    completer = SessionCompleter(Session())
    found = list(completer.get_completions(Document("?- betw"), CompleteEvent()))
    assert [(c.text, c.start_position) for c in found] == [("between", -4)]
