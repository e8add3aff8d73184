"""The comparison as a picture: how each engine learnt, and how near its gradient was to the exact one."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from benchmarks.engines.experiment import Compared


def comparison(compared: Sequence[Compared], digits: int) -> Figure:
    """Accuracy over seconds of training, a line for each engine, above two bars for each: the cosines."""
    figure = Figure(figsize=(8, 7), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=(3, 2))
    shown = [(one.engine, one.outcome, one) for one in compared if one.outcome is not None]
    for name, outcome, _ in shown:
        seconds = [point.seconds for point in outcome.curve]
        above.plot(seconds, [100 * point.accuracy for point in outcome.curve], label=name)
    above.set(xlabel="seconds of training", ylabel="sums of watched pairs right (%)", ylim=(0, 103))
    above.legend(loc="lower right", frameon=False)
    above.set_title(f"Adding {digits}-digit numbers, one engine after the other", loc="left", fontsize=13)
    places = range(len(shown))
    below.bar([p - 0.2 for p in places], [c.at_start for *_, c in shown], 0.4, label="before training")
    below.bar([p + 0.2 for p in places], [c.at_end for *_, c in shown], 0.4, label="with trained weights")
    below.set_xticks(list(places), [name for name, *_ in shown])
    below.set(ylabel="cosine with the exact gradient", ylim=(min(0, *(c.at_end for *_, c in shown)), 1.05))
    below.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2, frameon=False)
    return figure
