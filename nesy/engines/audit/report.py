"""What an audit found, for programs and for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, final

from nesy.errors import Diagnostic

LISTED = 12
"""How many changes or values a line shows."""


@final
@dataclass(frozen=True)
class Survived:
    """An example on which a wrong map is not found out.

    true: the value of each concept; read: what the networks take them for; outputs: those of both.
    """

    true: Mapping[str, str]
    read: Mapping[str, str]
    outputs: Mapping[str, str]

    def __str__(self) -> str:
        true = ", ".join(f"{name} = {value}" for name, value in self.true.items())
        read = ", ".join(self.read.values())
        outputs = ", ".join(f"{name} = {value}" for name, value in self.outputs.items())
        return f"{true} read as {read}: {outputs or 'no output has a value'} either way"


@final
@dataclass(frozen=True)
class Shortcut:
    """A wrong concept map that the labels do not tell from the truth.

    changed: for each network, what its changed values are read as.
    fewest: no other changes fewer values; else it was not worth the time to find out.
    """

    changed: Mapping[str, Mapping[str, str]]
    survives: Survived
    fewest: bool

    def __str__(self) -> str:
        parts = []
        for network, changes in self.changed.items():
            shown = [f"{value} -> {image}" for value, image in changes.items()]
            parts.append(f"{network}: {_cut(shown)}")
        return "; ".join(parts)


@final
@dataclass(frozen=True)
class Audit:
    """Whether the labels of a template determine its concepts, and what else training cannot learn.

    outputs: their names. concepts: the names of what networks are shown, in the order that labels take.
    wrong_maps: how many concept maps but the truth are consistent with the labels; if `guarantee` is
    "at least", there may be more: they were counted one by one, or probabilities are yet to be learned. Maps
    are over the values that occur.
    read_as: for each network and each value that occurs, what consistent maps read it as.
    unseen: for each network, the values that no example has.
    shortcut: one of the wrong maps; None where there is none.
    findings: where gradients vanish, and rules that no proof uses.
    """

    outputs: tuple[str, ...]
    concepts: tuple[str, ...]
    wrong_maps: int
    guarantee: Literal["exact", "at least"]
    read_as: Mapping[str, Mapping[str, tuple[str, ...]]] = field(repr=False)
    unseen: Mapping[str, tuple[str, ...]] = field(repr=False)
    shortcut: Shortcut | None = None
    findings: tuple[Diagnostic, ...] = ()

    @property
    def determined(self) -> bool:
        """Whether the labels determine the concepts: no wrong map is consistent with them."""
        return self.wrong_maps == 0

    @property
    def digits(self) -> str:
        """`wrong_maps` as text; Python itself shows no more than 4,300 digits."""
        return format(Decimal(self.wrong_maps), "f")

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """One fact a line, then the findings. Cost: O(what is said)."""
        yield self._verdict()
        if self.shortcut is not None:
            yield f"one {'with the fewest changes' if self.shortcut.fewest else 'of them'}: {self.shortcut}"
            yield f"an example it survives: {self.shortcut.survives}"
        for network, read_as in self.read_as.items():
            yield from _network_lines(network, read_as, self.unseen[network])
        for finding in self.findings:
            yield _finding(finding)

    def _verdict(self) -> str:
        if self.determined:
            limits = "" if self.guarantee == "exact" else ", with probabilities as learning begins"
            return f"the labels determine the concepts{limits}"
        shown = format(Decimal(self.wrong_maps), ",f")
        many = f"{shown} wrong concept map{' is' if self.wrong_maps == 1 else 's are'}"
        if self.guarantee == "at least":
            many = f"at least {many}"
        return f"the labels do not determine the concepts: {many} consistent with them"


def _network_lines(
    network: str, read_as: Mapping[str, tuple[str, ...]], unseen: tuple[str, ...]
) -> Iterator[str]:
    settled = [value for value, images in read_as.items() if len(images) == 1]
    if settled:
        yield f"{network}: determined: {_cut(settled)}"
    groups: dict[tuple[str, ...], list[str]] = {}
    for value, images in read_as.items():
        if len(images) > 1:
            groups.setdefault(images, []).append(value)
    for images, values in groups.items():
        each = " each" if len(values) > 1 else ""
        yield f"{network}: not determined: {_cut(values)} may{each} be read as {_cut(list(images))}"
    if unseen:
        yield f"{network}: in no example: {_cut(list(unseen))}"


def _finding(finding: Diagnostic) -> str:
    if finding.span is None:
        return f"{finding.code}: {finding.message}"
    place = f"{finding.span.source.name}:{finding.span.line}:{finding.span.column}"
    return f"{place}: {finding.code}: {finding.message}"


def _cut(shown: list[str]) -> str:
    more = f" and {len(shown) - LISTED} more" if len(shown) > LISTED else ""
    return ", ".join(shown[:LISTED]) + more
