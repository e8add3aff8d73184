"""Reading the tables of a configuration: each key once, of its type, and none that is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar, cast, final

from nesy.errors import ConfigError
from nesy.nn.training.configuration.places import Keys, Places

T = TypeVar("T")

WORDS: Mapping[type, str] = {
    str: "text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "a table",
    list: "a list",
}
"""What each type is called in messages."""


@final
@dataclass
class Section:
    """A table and the way to it. Keys are taken one by one; `end` refuses what is left."""

    values: Mapping[str, object]
    places: Places
    keys: Keys = ()
    known: list[str] = field(default_factory=list)

    def needed(self, key: str, kind: type[T], example: str) -> T:
        """The value of a key that must be there. Raises `ConfigError`: missing-key, wrong-type."""
        found = self.given(key, kind)
        if found is None:
            name = self._name(key)
            where = f"table [{'.'.join(self.keys)}] has" if self.keys else "configuration has"
            raise ConfigError(
                "missing-key",
                f"the {where} no {key}",
                span=self.places.of((*self.keys, key)),
                hint=f"{name} is {WORDS[kind]}, for example {example}",
            )
        return found

    def given(self, key: str, kind: type[T]) -> T | None:
        """The value of a key, or None where it is not there. Raises `ConfigError` (wrong-type)."""
        self.known.append(key)
        if key not in self.values:
            return None
        return cast("T", self._checked(key, self.values[key], kind))

    def default(self, key: str, kind: type[T], otherwise: T) -> T:
        """The value of a key, or another where it is not there. Raises `ConfigError` (wrong-type)."""
        found = self.given(key, kind)
        return otherwise if found is None else found

    def texts(self, key: str) -> tuple[str, ...]:
        """A text, or a list of them; none where the key is not there. Raises `ConfigError` (wrong-type)."""
        self.known.append(key)
        value = self.values.get(key, [])
        items = value if isinstance(value, list) else [value]
        return tuple(cast("str", self._checked(key, item, str)) for item in items)

    def below(self, key: str) -> Section | None:
        """The table of a name, or None where it is not there. Raises `ConfigError` (wrong-type)."""
        found = self.given(key, dict)
        return None if found is None else Section(found, self.places, (*self.keys, key))

    def end(self) -> None:
        """All keys that there are have been taken. Raises `ConfigError` (unknown-key)."""
        for key in self.values:
            if key not in self.known:
                near = get_close_matches(key, self.known, n=2)
                meant = f"did you mean {' or '.join(near)}? " if near else ""
                where = f"[{'.'.join(self.keys)}]" if self.keys else "a configuration"
                raise ConfigError(
                    "unknown-key",
                    f"{where} knows no {key}",
                    span=self.places.of((*self.keys, key)),
                    hint=f"{meant}it may hold {', '.join(self.known)}",
                )

    def _checked(self, key: str, value: object, kind: type) -> object:
        # To Python, true is a number.
        fits = isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if not fits:
            shown = WORDS.get(type(value), f"a {type(value).__name__}")
            raise ConfigError(
                "wrong-type",
                f"{self._name(key)} is {shown}, expected {WORDS[kind]}",
                span=self.places.of((*self.keys, key)),
                hint="a table is written [name], or { key = value } in one line" if kind is dict else None,
            )
        return value

    def _name(self, key: str) -> str:
        return ".".join((*self.keys, key))
