"""Inputs that people type: with history, completion, and as many lines as a statement takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import final

from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import has_focus
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from nesy.cli.repl.reading import is_whole
from nesy.cli.repl.session import Session
from nesy.cli.repl.suggestions import suggestions

PROMPT, CONTINUED = "nesy> ", "....> "


def history_path() -> Path:
    """Where inputs are remembered from one session to the next."""
    return user_state_path("nesy", appauthor=False) / "repl_history"


def prompted(session: Session, history: Path | None = None) -> Iterator[str]:
    """The inputs of a person, until Ctrl-D. history: a file; None where inputs are not to be kept.

    Ctrl-C takes back what is being typed.
    """
    prompt: PromptSession[str] = PromptSession(
        PROMPT,
        history=_remembered(history),
        completer=SessionCompleter(session),
        complete_while_typing=False,
        auto_suggest=AutoSuggestFromHistory(),
        multiline=True,
        prompt_continuation=CONTINUED,
        key_bindings=_keys(session),
    )
    while (text := _next(prompt)) is not None:
        yield text


def _next(prompt: PromptSession[str]) -> str | None:
    """What is typed next; nothing where it was taken back, None at the end."""
    try:
        return prompt.prompt()
    except KeyboardInterrupt:
        return ""
    except EOFError:
        return None


def _keys(session: Session) -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter", filter=has_focus(DEFAULT_BUFFER))
    def enter(event: KeyPressEvent) -> None:
        """Take a chosen completion; end an input that is whole, or has an empty last line; else go on."""
        buffer = event.current_buffer
        if buffer.complete_state is not None and buffer.complete_state.current_completion is not None:
            buffer.complete_state = None
        elif ends(buffer, session):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    return keys


def ends(buffer: Buffer, session: Session) -> bool:
    """Whether Enter carries out what is typed."""
    text = buffer.text
    at_end = not buffer.document.text_after_cursor.strip()
    return is_whole(text, session.operators) or (at_end and text.endswith("\n"))


@final
class SessionCompleter(Completer):
    """The session's suggestions, as prompts take them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What may take the place of the word before the cursor."""
        for found in suggestions(self._session, document.text_before_cursor):
            yield Completion(found.text, -found.replaces, display_meta=found.about)


@final
class _FileHistory(FileHistory):
    """Remembers in a file, as long as it can be written: nothing that is typed fails for its sake."""

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(string)


def _remembered(path: Path | None) -> History:
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError:
        return InMemoryHistory()
    return _FileHistory(path)
