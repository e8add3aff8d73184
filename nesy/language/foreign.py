"""Python functions that rules may call as predicates."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal, final

from nesy.errors import Diagnostic, LanguageError
from nesy.language.builtins import BUILTINS
from nesy.language.terms import Indicator

Kind = Literal["int", "float", "str", "string", "list", "term", "obj"]
KINDS: tuple[Kind, ...] = ("int", "float", "str", "string", "list", "term", "obj")

_MODE = re.compile(r"([+?-])([a-z]+)")


@final
@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a foreign predicate.

    mode: `+` is given to the function, `-` is what it returns; `?` is both: it is given as None where it
    is not bound.
    """

    mode: Literal["+", "-", "?"]
    kind: Kind

    @property
    def given(self) -> bool:
        """Whether the function takes this argument."""
        return self.mode != "-"

    @property
    def returned(self) -> bool:
        """Whether the function's result says what this argument is."""
        return self.mode != "+"


@final
@dataclass(frozen=True)
class Foreign:
    """A Python function as a predicate: see `foreign`. Called from Python, it is the function.

    several: the function gives an iterable of results, each a solution.
    """

    name: str
    arguments: tuple[Argument, ...]
    function: Callable[..., Any]
    several: bool

    @property
    def indicator(self) -> Indicator:
        """The predicate."""
        return self.name, len(self.arguments)

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call the function itself."""
        return self.function(*args, **options)

    def __reduce__(self) -> str | tuple[object, ...]:
        """By reference where a module holds this under the function's own name, else by its parts."""
        module = sys.modules.get(getattr(self.function, "__module__", ""))
        name = getattr(self.function, "__qualname__", "")
        if getattr(module, name, None) is self:
            return _named, (self.function.__module__, name)
        return Foreign, (self.name, self.arguments, self.function, self.several)


def _named(module: str, name: str) -> Any:
    return getattr(import_module(module), name)


def foreign(
    *modes: str, name: str | None = None, several: bool | None = None
) -> Callable[[Callable[..., Any]], Foreign]:
    """A decorator that makes a Python function a predicate, with a mode and a type for each argument.

        @nesy.foreign("+int", "+int", "-int")
        def plus(a, b):
            return a + b

        program = nesy.parse("sum(S) :- plus(1, 2, S). query(sum(S)).", foreign=[plus])

    modes: `+` is bound when the predicate is called, and given to the function; `-` is returned by it;
    `?` is given, as None where it is unbound, and returned. types: `int`, `float`, `str` (an atom, or
    text in quotes), `string` (text in quotes), `list` (of numbers, `str` and lists), `term` (any, as a
    syntax tree), `obj` (any Python object, that rules only pass on).
    name: of the predicate; by default the function's.
    several: the function gives an iterable of results, each a solution; by default, whether it yields.

    The function returns the value of its one returned argument, a tuple of them where it has several, or
    None for no solution; without any it is a test, and returns True or False. It is called whenever a
    goal is met, so it should depend on its arguments alone. What it raises becomes a `GroundingError`
    (foreign-error) at the goal. Raises `LanguageError` (malformed-foreign).
    Cost: O(modes), and of the function what it takes, at each goal.
    """
    arguments = tuple(map(_argument, modes))

    def decorate(function: Callable[..., Any]) -> Foreign:
        called = str(name or getattr(function, "__name__", ""))
        yields = inspect.isgeneratorfunction(function) if several is None else several
        _check(called, arguments, function, yields)
        return Foreign(called, arguments, function, yields)

    return decorate


def redefined(functions: Iterable[Foreign], defined: frozenset[Indicator]) -> Iterator[Diagnostic]:
    """Code `redefined-foreign`: functions that share a predicate, or one with clauses or facts."""
    seen = set(defined)
    for function in functions:
        if function.indicator in seen:
            name, arity = function.indicator
            yield Diagnostic(
                "redefined-foreign",
                f"{name}/{arity} is a Python function, and defined elsewhere too",
                hint="rename one of them: nesy.foreign(..., name=...)",
            )
        seen.add(function.indicator)


def _argument(text: str) -> Argument:
    match = _MODE.fullmatch(text)
    if match is None or match[2] not in KINDS:
        raise _malformed(
            f"`{text}` is no mode of an argument", f"write +, - or ? and one of {', '.join(KINDS)}"
        )
    return Argument(match[1], match[2])  # type: ignore[arg-type]  # the pattern allows no other


def _check(name: str, arguments: tuple[Argument, ...], function: Callable[..., Any], several: bool) -> None:
    if name in ("", "<lambda>"):
        raise _malformed(f"`{name}` cannot name a predicate", 'give a name: nesy.foreign(..., name="f")')
    if (name, len(arguments)) in BUILTINS:
        raise _malformed(f"{name}/{len(arguments)} is built in", "choose another name")
    if several and not any(a.returned for a in arguments):
        raise _malformed(f"{name} gives several results, but returns no argument", "mark an argument with -")
    given = sum(a.given for a in arguments)
    try:
        inspect.signature(function).bind(*[None] * given)
    except TypeError:
        raise _malformed(
            f"the function of {name} does not take {given} arguments", "one for each mode + or ?"
        ) from None
    except ValueError:
        return  # some functions of C do not tell what they take


def _malformed(message: str, hint: str) -> LanguageError:
    return LanguageError("malformed-foreign", message, hint=hint)
