"""Docstrings are laid out without a word lost or added."""

from __future__ import annotations

from nesy_site.docstrings import laid_out

TEXT = """What it is.

x: log-weights in nats,
(E, B).
offsets, sizes: where nodes begin.
Note: of no parameter.
Raises `NesyError`: unknown-name.
Cost: O(E)."""

SHOWN = """What it is.

- `x`: log-weights in nats,
  (E, B).
- `offsets`, `sizes`: where nodes begin.
  Note: of no parameter.

Raises `NesyError`: unknown-name.

Cost: O(E)."""


def test_parameters_are_items_and_the_rest_paragraphs() -> None:
    assert laid_out(TEXT, {"x", "offsets", "sizes"}) == SHOWN


def test_prose_stays_prose() -> None:
    assert laid_out("One: a line.\nAnother.", {"x"}) == "One: a line.\nAnother."
