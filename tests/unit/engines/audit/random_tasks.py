"""Small random tasks, as tables and as rule texts that say the same."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from tests.unit.engines.audit.enumeration import World, every_world

INPUTS = "abc"
VALUES = 3
"""How many values the output may have."""


@dataclass(frozen=True)
class Task:
    """A task on pictures a, b, c: for each combination the chances of the output's values, or None for never.

    rows: what is known of examples: values of some pictures, perhaps the output's; None for everything.
    """

    networks: tuple[str, ...]
    sizes: Mapping[str, int]
    table: Mapping[World, tuple[Fraction, ...] | None]
    rows: tuple[dict[str, int], ...] | None

    def behaviour(self, world: World) -> Hashable:
        return self.table[world]

    def occurs(self, world: World) -> bool:
        chances = self.table[world]
        if chances is None or not any(chances):
            return False
        return self.rows is None or any(self.meets(world, row) for row in self.rows)

    def meets(self, world: World, row: Mapping[str, int]) -> bool:
        chances = self.table[world]
        pictures = dict(zip(INPUTS, world, strict=False))
        return chances is not None and all(
            chances[value] > 0 if name == "S" else pictures[name] == value for name, value in row.items()
        )

    def text(self) -> str:
        lines = [
            f"nn({name}, [X], V, [{', '.join(map(str, range(size)))}]) :: {name}(X, V)."
            for name, size in self.sizes.items()
        ]
        for number, (world, chances) in enumerate(self.table.items()):
            pictures = zip(self.networks, INPUTS, world, strict=False)
            body = ", ".join(f"{n}({x}, {v})" for n, x, v in pictures)
            if chances is None:
                lines.append(f":- {body}.")
            else:
                lines += _clauses(number, chances, body)
        # Of every value there is, so that all outputs have the same domain.
        return "\n".join([*lines, "task(S) :- out(S).", "out(9) :- fail."])


def _clauses(number: int, chances: tuple[Fraction, ...], body: str) -> list[str]:
    if all(c in (0, 1) for c in chances):
        return [f"out({v}) :- {body}." for v, c in enumerate(chances) if c]
    heads = "; ".join(f"{float(c)}::out({v})" for v, c in enumerate(chances) if c)
    return [f"{heads} :- {body}."]


@st.composite
def tasks(draw: st.DrawFn, *, noisy: bool) -> Task:
    sizes = {"p": draw(st.integers(2, 3)), "q": 2}
    networks = tuple(draw(st.lists(st.sampled_from("pq"), min_size=1, max_size=3)))
    sizes = {n: size for n, size in sizes.items() if n in networks}
    table = {world: draw(chances(noisy=noisy)) for world in every_world(networks, sizes)}
    return Task(networks, sizes, table, draw(rows(networks, sizes)))


@st.composite
def chances(draw: st.DrawFn, *, noisy: bool) -> tuple[Fraction, ...] | None:
    kind = draw(st.sampled_from(["one", "one", "one", "one", "one", "none", "never", "noisy"]))
    if kind == "never":
        return None
    if kind == "noisy" and noisy:
        weights = draw(st.permutations([Fraction(1, 4), Fraction(3, 4), Fraction(0)]))
        return tuple(weights)
    if kind == "none":
        return (Fraction(0),) * VALUES
    value = draw(st.integers(0, 1))
    return tuple(Fraction(v == value) for v in range(VALUES))


@st.composite
def rows(
    draw: st.DrawFn, networks: tuple[str, ...], sizes: Mapping[str, int]
) -> tuple[dict[str, int], ...] | None:
    if draw(st.booleans()):
        return None
    found = []
    for _ in range(draw(st.integers(1, 4))):
        row = {
            x: draw(st.integers(0, sizes[n] - 1))
            for n, x in zip(networks, INPUTS, strict=False)
            if draw(st.booleans())
        }
        if draw(st.booleans()):
            row["S"] = draw(st.integers(0, 1))
        found.append(row)
    return tuple(found)
