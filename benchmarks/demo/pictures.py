"""The demo's two pictures: how learning went, and what the network now makes of unseen images."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from benchmarks.demo.readings import Readings
from benchmarks.drawing import FAINT, NEUTRAL, RIGHT, WRONG
from benchmarks.learning.progress import Point

PLACE = 1.35
"""The width of a place of a number on the sheet, where an image is 1 wide: image, then what was read."""


def draw_learning_curve(curve: Sequence[Point], readings: Readings) -> Figure:
    """Accuracy on training pairs, with the final accuracy on unseen ones, above the loss; over epochs."""
    figure = Figure(figsize=(7.5, 6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    epochs = [point.epochs for point in curve]
    above.plot(epochs, [100 * point.accuracy for point in curve], color=RIGHT, label="training pairs")
    unseen = 100 * readings.sum_accuracy
    above.axhline(unseen, color=WRONG, linestyle="--", label=f"unseen pairs, at the end: {unseen:.1f} %")
    above.set(ylabel="sums right (%)", ylim=(0, 103))
    above.legend(loc="lower right", frameon=False)
    above.set_title("Learning digits from sums alone", loc="left", fontsize=13)
    below.plot(epochs, [point.loss for point in curve], color=RIGHT)
    below.set(ylabel="loss (nats per sum)", xlabel="epochs")
    below.set_yscale("log")
    for axes in (above, below):
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.25)
    return figure


def draw_sheet(readings: Readings) -> Figure:
    """Test pairs as sums on paper: the first ones, then those that went wrong, if any did."""
    width, height = _cell_size(readings.pairs.digits)
    columns = max(2, min(8, int(28 / width)))
    sections = _sections(readings, columns)
    inch = 11.0 / (columns * width)  # one image is so wide
    heights = [0.35 + inch * height * -(-len(chosen) // columns) for _, chosen in sections]
    figure = Figure(figsize=(11.0, sum(heights) + 0.5))
    figure.suptitle(
        f"{readings.sum_accuracy:.1%} of sums and {readings.digit_accuracy:.1%} of digits right"
        " on unseen images  (small figures: the digit read)",
        fontsize=13,
        y=1 - 0.2 / figure.get_figheight(),
    )
    parts = figure.subfigures(len(sections) + 1, 1, height_ratios=[0.4, *heights], hspace=0, squeeze=False)
    for part, (title, chosen) in zip(parts[1:, 0], sections, strict=True):
        _draw_section(part, title, chosen, columns, readings)
    return figure


def _cell_size(digits: int) -> tuple[float, float]:
    """Width and height of a sum on the sheet, margins included, in widths of an image."""
    return PLACE * (digits + 1) + 0.5, 3.9


def _sections(readings: Readings, columns: int) -> list[tuple[str, list[int]]]:
    """Titles, and the pairs below each: two rows of the first pairs, a row of wrong ones."""
    count = len(readings.pairs)
    first = list(range(count))[: 2 * columns]
    wrong = (~readings.sum_right).nonzero().flatten().tolist()
    sections = [(f"The first {len(first)} of {count} pairs", first)]
    if wrong:
        which = "all of them:" if len(wrong) <= columns else f"{columns} of them:"
        sections.append((f"{len(wrong)} of {count} pairs went wrong; {which}", wrong[:columns]))
    return sections


def _draw_section(
    part: SubFigure, title: str, chosen: Sequence[int], columns: int, readings: Readings
) -> None:
    rows = -(-len(chosen) // columns)
    top = 1 - 0.35 / (part.bbox.height / part.figure.dpi)
    part.text(0.012, (1 + top) / 2, title, ha="left", va="center", fontsize=11, color=NEUTRAL)
    cells = part.subplots(
        rows,
        columns,
        squeeze=False,
        gridspec_kw={"left": 0, "right": 1, "bottom": 0, "top": top, "wspace": 0, "hspace": 0},
    ).flatten()
    for cell in cells:
        cell.axis("off")
    for cell, pair in zip(cells, chosen, strict=False):
        _draw_pair(cell, pair, readings)


def _draw_pair(axes: Axes, pair: int, readings: Readings) -> None:
    """One addition as on paper: an image per digit, units at the right, the sum below the line."""
    pairs, digits = readings.pairs, readings.pairs.digits
    for row, numbers in ((2, pairs.a), (1, pairs.b)):
        for place, image in enumerate(numbers[pair].tolist()):
            _draw_digit(axes, PLACE * (digits - place), row, image, readings)
    axes.text(0.5, 1.5, "+", ha="center", va="center", fontsize=14, color=NEUTRAL)
    axes.plot([0, PLACE * (digits + 1)], [0.92, 0.92], color=NEUTRAL, linewidth=1)
    guess, truth = readings.sums[pair].tolist(), pairs.targets[pair].tolist()
    for place, (guessed, true) in enumerate(zip(guess, truth, strict=True)):
        leading_zero = place == digits and guessed == 0
        color = WRONG if guessed != true else FAINT if leading_zero else RIGHT
        x = PLACE * (digits - place) + 0.5
        axes.text(x, 0.45, str(guessed), ha="center", va="center", fontsize=14, weight="bold", color=color)
    if guess != truth:
        total = int("".join(map(str, reversed(truth))))
        axes.text(0, -0.22, f"wrong: it is {total}", ha="left", va="center", fontsize=8, color=WRONG)
    width, height = _cell_size(digits)
    axes.set(xlim=(-0.25, width - 0.25), ylim=(-0.65, height - 0.65), aspect="equal")


def _draw_digit(axes: Axes, left: float, row: int, image: int, readings: Readings) -> None:
    pixels = readings.images.pixels[image, 0].numpy()
    extent = (left + 0.03, left + 0.97, row + 0.03, row + 0.97)
    axes.imshow(pixels, cmap="gray_r", extent=extent, interpolation="nearest")
    read = int(readings.digits[image])
    color = RIGHT if read == int(readings.images.digits[image]) else WRONG
    axes.text(left + 1.0, row + 0.05, str(read), fontsize=8, weight="bold", color=color)
