"""What symbols, outputs and their values are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Union, final

from nesy.errors import EngineError
from nesy.logic.program import GroundProgram, Value

Said = Union[bool, Value]
"""A value as the caller says it: `True` for "true"."""


@final
class Names:
    """The symbols and outputs of a program by name.

    Where several symbols have one name, all but the first get a number: `a`, `a#2`, `a#3`.
    """

    def __init__(self, program: GroundProgram) -> None:
        names = _numbered([s.name for s in program.symbols])
        self.symbols: Mapping[str, tuple[str, ...]] = {
            name: s.values for name, s in zip(names, program.symbols, strict=True)
        }
        self.outputs: Mapping[str, tuple[Value, ...]] = {o.name: o.domain for o in program.outputs}
        self._symbols = {name: i for i, name in enumerate(self.symbols)}
        self._outputs = {name: i for i, name in enumerate(self.outputs)}

    def is_output(self, name: str) -> bool:
        """Whether an output has that name."""
        return name in self._outputs

    def symbol(self, name: str) -> int:
        """The symbol of that name. Raises `EngineError` (unknown-symbol)."""
        return _found(name, self._symbols, "symbol")

    def output(self, name: str) -> int:
        """The output of that name. Raises `EngineError` (unknown-output)."""
        return _found(name, self._outputs, "output")

    def symbol_value(self, name: str, said: Said) -> int:
        """A value of a symbol. Raises `EngineError` (unknown-symbol, unknown-value)."""
        self.symbol(name)
        return _value(name, self.symbols[name], said)

    def output_value(self, name: str, said: Said) -> int:
        """A value of an output. Raises `EngineError` (unknown-output, unknown-value)."""
        self.output(name)
        return _value(name, self.outputs[name], said)


def _numbered(names: Sequence[str]) -> list[str]:
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return found


SHOWN = 8
"""How many names a message lists."""


def _found(name: str, places: Mapping[str, int], what: str) -> int:
    if name not in places:
        raise EngineError(
            f"unknown-{what}", f"there is no {what} named {name!r}", hint=f"the {what}s are {_list(places)}"
        )
    return places[name]


def _value(name: str, values: Sequence[Value], said: Said) -> int:
    wanted = str(said).lower() if isinstance(said, bool) else said
    if wanted not in values:
        raise EngineError(
            "unknown-value",
            f"{name} has no value {said!r}",
            hint=f"its values are {_list(map(repr, values))}",
        )
    return list(values).index(wanted)


def _list(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return (", ".join(listed[:SHOWN]) or "none") + more
