"""What stands under the cursor: a predicate, a variable or a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union, final

from nesy.cli.language_server.analysis import Analysis
from nesy.cli.language_server.predicates import Predicate, arity_at, name_of
from nesy.language.builtins import BUILTINS, META
from nesy.language.library import LIBRARY
from nesy.language.syntax import Indicator
from nesy.language.tokens import FUNCTOR, NAME, NUMBER, QUOTED, SYMBOL, VARIABLE, Tokens

DESCRIBED: dict[Indicator, str] = BUILTINS | LIBRARY | META
"""The built-in predicates, each with a line of what it does."""


@final
@dataclass(frozen=True, slots=True)
class NamedPredicate:
    """A name that may be a predicate's. index: its token."""

    key: Indicator
    index: int


@final
@dataclass(frozen=True, slots=True)
class NamedVariable:
    """A variable. index: its token."""

    name: str
    index: int


@final
@dataclass(frozen=True, slots=True)
class NamedNetwork:
    """The first argument of `nn(...)`. index: its token."""

    name: str
    index: int


Word = Union[NamedPredicate, NamedVariable, NamedNetwork]


def word_at(analysis: Analysis, offset: int) -> Word | None:
    """The word at a character; None where there is none that means anything."""
    index = analysis.token_at(offset)
    if index is None:
        return None
    tokens = analysis.tokens
    kind = tokens.kinds[index]
    if kind == VARIABLE:
        return NamedVariable(tokens.texts[index], index)
    if kind not in (NAME, FUNCTOR, QUOTED, SYMBOL):
        return None
    if in_network_place(tokens, index):
        return NamedNetwork(name_of(tokens, index), index)
    return NamedPredicate((name_of(tokens, index), _arity(tokens, index)), index)


def in_network_place(tokens: Tokens, index: int) -> bool:
    """Whether a token stands where `nn(...)` names its network."""
    return index >= 2 and tokens.texts[index - 2] == "nn" and tokens.texts[index - 1] == "("


def _arity(tokens: Tokens, index: int) -> int:
    """How many arguments a name has: those in its brackets, what `p/2` says, or an operator's two."""
    if tokens.texts[index + 1] == "/" and tokens.kinds[index + 2] == NUMBER:
        arity = tokens.texts[index + 2]
        return int(arity) if arity.isdecimal() else 0
    if tokens.kinds[index] == FUNCTOR:
        return arity_at(tokens, index)
    return 2 if tokens.texts[index] in tokens.operators else 0


def meant(analysis: Analysis, key: Indicator) -> list[Predicate]:
    """The predicates that a name may mean: that of as many arguments, else all of the name.

    A goal that is given further arguments later, as in `maplist(p, L)`, names its predicate alone.
    """
    exact = analysis.predicates.get(key)
    if exact is not None:
        return [exact]
    return [p for (name, _), p in analysis.predicates.items() if name == key[0]]


def described(key: Indicator) -> list[str]:
    """The lines about a built-in predicate: that of as many arguments, else all of the name."""
    if key in DESCRIBED:
        return [DESCRIBED[key]]
    # One line may stand for several numbers of arguments.
    return list(dict.fromkeys(text for (name, _), text in DESCRIBED.items() if name == key[0]))
