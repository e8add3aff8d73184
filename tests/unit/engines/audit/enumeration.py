"""Consistent concept maps by trying all of them, from a table of what a task does. Knows nothing of nesy."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import product

World = tuple[int, ...]
Map = dict[tuple[str, int], int]


def consistent_maps(
    networks: Sequence[str],
    sizes: Mapping[str, int],
    behaviour: Callable[[World], Hashable],
    occurring: Iterable[World],
) -> list[Map]:
    """All maps of the values that occur under which what occurs keeps its behaviour.

    networks: which network reads each concept. behaviour: None where a combination cannot be.
    """
    worlds = list(occurring)
    cells = sorted({(n, v) for w in worlds for n, v in zip(networks, w, strict=True)})
    found = []
    for images in product(*(range(sizes[n]) for n, _ in cells)):
        read = dict(zip(cells, images, strict=True))
        if all(behaviour(w) == behaviour(_image(networks, read, w)) for w in worlds):
            found.append(read)
    return found


def _image(networks: Sequence[str], read: Map, world: World) -> World:
    return tuple(read[n, v] for n, v in zip(networks, world, strict=True))


def every_world(networks: Sequence[str], sizes: Mapping[str, int]) -> Iterator[World]:
    """All combinations of values."""
    return product(*(range(sizes[n]) for n in networks))


def images(maps: Sequence[Map]) -> dict[tuple[str, int], set[int]]:
    """What each value is read as in some map."""
    return {cell: {m[cell] for m in maps} for cell in maps[0]}


def fewest_changes(maps: Sequence[Map]) -> int:
    """How many values the least changing map but the truth changes."""
    changes = [sum(v != image for (_, v), image in m.items()) for m in maps]
    return min(c for c in changes if c)
