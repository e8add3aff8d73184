"""What is entered, carried out: statements are added, questions answered, mistakes reported."""

from __future__ import annotations

from nesy.cli.repl.commands import carry_out
from nesy.cli.repl.console import Console
from nesy.cli.repl.reading import asks, has_statement, inputs_in, is_command
from nesy.errors import NesyError

INTERRUPTED = "interrupted"


def take(console: Console, text: str) -> None:
    """Carry out an input: a command, or statements one after the other. Never raises `NesyError`.

    A statement that is wrong changes nothing; those behind it are carried out nevertheless.
    Ctrl-C ends what is computed, and what stands behind it.
    """
    try:
        for one in inputs_in(text, lambda: console.session.operators):
            if not console.ended:
                _attempt(console, one)
    except KeyboardInterrupt:
        console.failed = True
        console.note(INTERRUPTED)


def _attempt(console: Console, text: str) -> None:
    try:
        if is_command(text):
            carry_out(console, text)
        elif asks(text):
            console.ask(text)
        elif has_statement(text):
            console.enter(text)
    except NesyError as error:
        console.failed = True
        console.complain(error.diagnostic, *error.others)
