"""The words that begin with a colon: what each takes, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, final

from nesy.cli.repl.console import Console
from nesy.errors import LanguageError
from nesy.language.syntax import Clause, Statement, indicator

MOST_LISTED = 100
"""How many statements `:list` prints."""


@final
@dataclass(frozen=True)
class Command:
    """A word, what it does, and what may stand behind it: a file, an engine, an atom, a predicate."""

    name: str
    argument: str
    about: str
    act: Callable[[Console, str], None]
    takes: Literal["nothing", "file", "engine", "atom"] = "nothing"


def carry_out(console: Console, text: str) -> None:
    """Do what a command says. Raises `NesyError`: unknown-command, and whatever it does raises."""
    word, _, argument = text.strip().partition(" ")
    argument = argument.strip()
    found = [c for c in COMMANDS if c.name.startswith(word)] if len(word) > 1 else []
    exact = [c for c in found if c.name == word]
    if len(exact or found) != 1:
        names = ", ".join(c.name for c in found or COMMANDS)
        raise LanguageError("unknown-command", f"there is no command `{word}`", hint=f"commands are {names}")
    (command,) = exact or found
    if command.takes == "nothing" and argument:
        raise LanguageError("unknown-command", f"{command.name} takes nothing behind it")
    command.act(console, argument)


def _load(console: Console, argument: str) -> None:
    if not argument:
        raise LanguageError("missing-argument", ":load needs the name of a file")
    console.load(Path(argument).expanduser())


def _run(console: Console, argument: str) -> None:
    console.answer_queries()


def _engine(console: Console, argument: str) -> None:
    from nesy.engines.registry import names, resolve  # noqa: PLC0415 - with the solver, when first asked

    if not argument:
        console.say(f"{console.engine} (there are {', '.join(names())})")
        return
    resolve(argument)
    console.engine = argument


def _explain(console: Console, argument: str) -> None:
    from nesy.engines.explaining import explain_probability  # noqa: PLC0415 - with the circuits, when first asked

    atom = argument.removesuffix(".").strip()
    if not atom:
        raise LanguageError(
            "missing-argument",
            ":explain needs an atom",
            hint="as in :explain alarm; :why alone says why no world is possible",
        )
    console.say(str(explain_probability(console.session.program(queries=False), atom)))


def _why(console: Console, argument: str) -> None:
    from nesy.engines.reasoning import explain  # noqa: PLC0415 - loads a SAT solver

    atom = argument.removesuffix(".").strip()
    found = explain(console.session.program(queries=False), atom or None)
    if found is not None:
        console.say(str(found))
    elif atom:
        console.say(f"{atom} holds in some possible worlds, and not in others")
    else:
        console.say("there is a possible world")


def _list(console: Console, argument: str) -> None:
    statements = list(_listed(console, argument))
    for statement in statements[:MOST_LISTED]:
        console.say("" if statement.span is None else statement.span.text)
    if len(statements) > MOST_LISTED:
        console.say(f"% and {len(statements) - MOST_LISTED:,} more")
    if not statements:
        console.say(f"% nothing{f' of {argument}' if argument else ''}")


def _listed(console: Console, argument: str) -> Iterator[Statement]:
    name, _, arity = argument.partition("/")
    for entry in console.session.entries:
        for statement in entry.program.statements:
            heads = statement.heads if isinstance(statement, Clause) else ()
            keys = [indicator(head.atom) for head in heads]
            if not argument or any(key[0] == name and arity in ("", str(key[1])) for key in keys):
                yield statement


def _check(console: Console, argument: str) -> None:
    found = console.session.findings()
    console.complain(*found)
    if not found:
        console.say("no problems found")


def _undo(console: Console, argument: str) -> None:
    entry = console.session.undo()
    if entry is None:
        raise LanguageError("nothing-to-undo", "nothing has been entered")
    lines = entry.text.strip().splitlines()
    what = str(entry.file) if entry.file is not None else lines[-1] if lines else ""
    console.say(f"taken back: {what}")


def _save(console: Console, argument: str) -> None:
    from nesy.circuit.formats.whole_files import write_text  # noqa: PLC0415 - rarely needed

    if not argument:
        raise LanguageError("missing-argument", ":save needs the name of a file")
    path = Path(argument).expanduser()
    if path.exists() and path.resolve() not in console.known_files:
        raise LanguageError(
            "file-exists",
            f"there is a file `{argument}` that this session neither loaded nor saved",
            hint="name another file, or remove that one",
        )
    write_text(path, console.session.text())
    console.known_files.add(path.resolve())
    console.say(f"saved: {argument}")


def _help(console: Console, argument: str) -> None:
    console.say(HELP)


def _quit(console: Console, argument: str) -> None:
    console.ended = True


COMMANDS: tuple[Command, ...] = (
    Command(":load", "FILE", "add the statements of a file; again, and it is read anew", _load, "file"),
    Command(":run", "", "answer the queries of the program", _run),
    Command(":engine", "[NAME]", "the engine that answers, or another one from now on", _engine, "engine"),
    Command(
        ":explain",
        "ATOM",
        "why an atom is as probable as it is: its proofs, and what matters",
        _explain,
        "atom",
    ),
    Command(
        ":why",
        "[ATOM]",
        "what makes an atom hold always or never; or no world possible",
        _why,
        "atom",
    ),
    Command(":list", "[PREDICATE]", "the statements, or the clauses of a predicate", _list, "atom"),
    Command(":check", "", "what `nesy check` says of the program", _check),
    Command(":undo", "", "take back what was added last", _undo),
    Command(":save", "FILE", "write all that was loaded and entered to one file", _save, "file"),
    Command(":help", "", "this text", _help),
    Command(":quit", "", "leave; so does Ctrl-D", _quit),
)
"""All of them; any beginning that is unique will do."""

HELP = "\n".join(
    (
        "Statements end with a full stop and are added to the program; ?- asks:",
        "",
        "  0.9::road(a, b).            a fact with a probability",
        "  way(X, Y) :- road(X, Y).    a rule",
        "  ?- way(a, X).               each answer with its probability",
        "  query(way(a, b)).           asked at once, and kept",
        "",
        *(f"  {f'{c.name} {c.argument}':21} {c.about}" for c in COMMANDS),
        "",
        "A statement may take several lines; an empty line ends one without its full stop. Ctrl-C ends",
        "what is being computed or typed.",
    )
)
