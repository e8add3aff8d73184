"""The picture of an explanation: images and beliefs side by side, and the best proof as a tree below them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from torch import Tensor

from nesy.circuit.formats.whole_files import whole_file
from nesy.engines.explaining.explanation import ProbabilityExplanation
from nesy.engines.explaining.parts import ProbableProof
from nesy.engines.explaining.text import number, said_of, shortened
from nesy.errors import ModelError
from nesy.nn.belief import Belief
from nesy.nn.training.packages import needed

FORMATS = (".png", ".svg", ".pdf")
MOST_BELIEFS = 8
"""How many symbols are shown."""
MOST_STEPS = 30
"""How many steps of the proof are shown."""
MOST_CHARACTERS = 90
LINE = 0.24
"""Inches from one step to the next."""
USED, UNUSED = "tab:blue", "lightgray"


def figure_of(why: ProbabilityExplanation, told: Sequence[Belief]) -> Any:
    """A matplotlib figure. Raises `ConfigError` (missing-package). Cost: some tenths of a second."""
    beliefs = told[:MOST_BELIEFS]
    rows = tree_rows(why.proofs[0]) if why.proofs else []
    upper, lower = (3.2 if beliefs else 0.1), LINE * (len(rows) + 2)
    figure = needed("matplotlib.figure", "to draw an explanation", "train").Figure(
        figsize=(max(7.0, 2.1 * len(beliefs)), upper + lower + 0.5)
    )
    grid = figure.add_gridspec(2, 1, height_ratios=(upper, lower), hspace=0.25)
    if beliefs:
        columns = grid[0].subgridspec(2, len(beliefs), hspace=0.35, height_ratios=(1, 1))
        for place, belief in enumerate(beliefs):
            _draw_image(figure.add_subplot(columns[0, place]), belief)
            _draw_bars(figure.add_subplot(columns[1, place]), belief)
    _draw_tree(figure.add_subplot(grid[1]), rows, why)
    figure.suptitle(f"{why.atom}: {number(why.probability)}")
    return figure


def write_picture(why: ProbabilityExplanation, told: Sequence[Belief], path: Path) -> None:
    """Write a figure as the file's ending says. Raises `ModelError` (unknown-format), and as `figure_of`.

    Cost: as `figure_of`.
    """
    if path.suffix not in FORMATS:
        raise ModelError(
            "unknown-format",
            f"no picture is written to a file that ends in {path.suffix!r}",
            hint=f"the endings are {', '.join(FORMATS)}",
        )
    data = io.BytesIO()
    figure_of(why, told).savefig(data, format=path.suffix.removeprefix("."), dpi=120, bbox_inches="tight")
    with whole_file(path) as file:
        file.write(data.getbuffer())


def tree_rows(proof: ProbableProof) -> list[tuple[int, str]]:
    """The steps of a proof with their depths, a step that stands above already left without those below it.

    Cost: O(steps shown).
    """
    rows: list[tuple[int, str]] = []
    shown: set[int] = set()
    work = [(root, 0) for root in reversed(proof.roots)]
    while work and len(rows) < MOST_STEPS:
        place, depth = work.pop()
        rows.append((depth, shortened(said_of(proof.steps[place]), MOST_CHARACTERS)))
        if place not in shown:
            work.extend((below, depth + 1) for below in reversed(proof.steps[place].below))
        shown.add(place)
    if work:
        rows.append((0, f"and {len(proof.steps) - len(shown)} steps more"))
    return rows


def _draw_image(axes: Any, belief: Belief) -> None:
    axes.set_axis_off()
    axes.set_title(belief.symbol, fontsize=9)
    image = next((x for x in map(as_image, belief.images.values()) if x is not None), None)
    if image is not None:
        axes.imshow(image, cmap="gray" if image.ndim == 2 else None)
    elif belief.images:
        shapes = ", ".join(f"{name} {tuple(x.shape)}" for name, x in belief.images.items())
        axes.text(0.5, 0.5, shapes, ha="center", va="center", fontsize=8)


def as_image(tensor: Tensor) -> Any:
    """(H, W) or (H, W, 3) between 0 and 1, where a tensor looks like an image. Cost: O(size)."""
    found = tensor.detach().double()
    if found.dim() == 3 and found.shape[0] in (1, 3):
        found = found[0] if found.shape[0] == 1 else found.permute(1, 2, 0)
    if found.dim() not in (2, 3) or (found.dim() == 3 and found.shape[2] != 3) or min(found.shape[:2]) < 4:
        return None
    least, most = float(found.min()), float(found.max())
    return ((found - least) / ((most - least) or 1.0)).numpy()


def _draw_bars(axes: Any, belief: Belief) -> None:
    places = range(len(belief.values))
    colours = [USED if place in belief.used else UNUSED for place in places]
    axes.bar(places, belief.probabilities, color=colours)
    axes.set_ylim(0, 1)
    step = max(1, len(belief.values) // 10)
    axes.set_xticks(list(places)[::step], [shortened(v, 8) for v in belief.values][::step], fontsize=7)
    axes.tick_params(axis="y", labelsize=7)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _draw_tree(axes: Any, rows: list[tuple[int, str]], why: ProbabilityExplanation) -> None:
    """Steps below one another, each joined by a line to the one it is there for."""
    axes.set_axis_off()
    axes.set_xlim(0, 100)
    axes.set_ylim(len(rows) + 0.5, -1.5)
    if not why.proofs:
        axes.text(0, 0, "no proof was found", fontsize=9, va="center")
        return
    kind = "proof of the contrary" if why.contrary else "proof"
    chance = number(why.proofs[0].probability)
    axes.text(0, -1, f"most probable {kind}: {chance}", fontsize=10, va="center", weight="bold")
    above: dict[int, int] = {}
    for row, (depth, text) in enumerate(rows):
        left = 1 + 2.5 * depth
        axes.text(left, row, text, family="monospace", fontsize=8, va="center", parse_math=False)
        if depth and depth - 1 in above:
            joint = left - 1.8
            axes.plot([joint, joint, left - 0.4], [above[depth - 1] + 0.4, row, row], color="gray", lw=0.8)
        above[depth] = row
