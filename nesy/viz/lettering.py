"""Labels: how wide they are about, and where they are cut."""

from __future__ import annotations

LONGEST = 34
"""More characters than these are not drawn; the whole text is told beside the drawing."""
SIZE = 12.0
NARROW = frozenset("ijltfr.,:;|!'()[] ")
WIDE = frozenset("mwMW@%")


def shortened(text: str) -> str:
    """A label as it is drawn: in one line, cut in the middle if it is long."""
    line = " ".join(text.split())
    if len(line) <= LONGEST:
        return line
    half = (LONGEST - 1) // 2
    return f"{line[:half]}…{line[-half:]}"


def width_of(text: str) -> float:
    """About how wide a text is in a proportional face, in pixels. Cost: linear in its length."""
    return sum(
        SIZE * (0.36 if c in NARROW else 0.9 if c in WIDE else 0.6 if c < "\u2e80" else 1.0) for c in text
    )


def counted(count: int, what: str) -> str:
    """A number of things: `1 node`, `1,204 nodes`."""
    if count == 1:
        return f"1 {what}"
    return f"{count:,} {what.removesuffix('y')}ies" if what.endswith("y") else f"{count:,} {what}s"
