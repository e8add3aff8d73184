"""What `--task` may be: each turns options into a run and what is recorded of it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from rich.console import Console

from benchmarks.datasets.images import ImageSet
from benchmarks.learning.digit_images import find_device, image_options, load_images
from benchmarks.learning.running import RunOptions, cost_lines, run_options
from benchmarks.record import Result
from benchmarks.sudoku import classify, learn, puzzles, solve
from benchmarks.sudoku.units import Units
from nesy.engines.sat import Sat
from nesy.errors import DataError

MINIMAL = "minimal"
"""Stands for as few givens as a puzzle can have."""

UNITS_UNTIL = 0.6
"""Where nothing is said, the part of learning's budget that units are learnt from one by one."""

GIVENS = {9: 36, 4: 8}
"""How many givens a puzzle has where nothing is said."""

TESTED = 1_000
"""Puzzles that judge solving, where nothing is said."""

FEWEST = {9: 17, 4: 4}
"""No puzzle with fewer givens has one solution only."""


@final
@dataclass(frozen=True, slots=True)
class Defaults:
    """How a task learns where nothing is said; the README says how this was chosen."""

    engine: str
    epochs: float
    batch_size: int
    learning_rate: float


DEFAULTS: Mapping[tuple[str, int], Defaults] = {
    # A reader of about 98.2 %: on purpose no better.
    ("solve", 9): Defaults("sat", 0.65, 64, 5e-3),
    ("solve", 4): Defaults("sat", 0.65, 64, 5e-3),
    ("classify", 9): Defaults(Units.name, 60, 5, 3e-3),
    ("classify", 4): Defaults("exact", 40, 10, 3e-3),
    ("learn", 9): Defaults("sat", 6, 4, 3e-3),
    ("learn", 4): Defaults("sat", 2, 20, 3e-3),
}

CLASSIFYING = {Units.name: Units(), Sat.name: Sat(perturb=0.0)}
"""Engines that are not what their name alone stands for. Noise would hide the little that validity tells."""


def _solve(options: Namespace) -> Result:
    run = _run_options(options)
    given = GIVENS[options.size] if options.givens is None else options.givens
    settings = solve.Settings(
        size=options.size,
        givens=None if given == MINIMAL else _possible(given, options.size),
        boards=options.boards or TESTED,
        images=image_options(options),
        run=run,
    )
    outcome = solve.run_experiment(settings, _images(options), Console(stderr=True))
    if options.picture is not None:
        from benchmarks.sudoku.drawing import draw_board  # noqa: PLC0415 - matplotlib is slow to import

        draw_board(outcome, options.picture)
    found = solve.figures(outcome)
    told = {"givens": given, "boards": settings.boards}
    return _reported(options, run, told, found, solve.report(found), solve.protocol(settings, outcome))


def _classify(options: Namespace) -> Result:
    run = _run_options(options)
    settings = classify.Settings(
        size=options.size,
        train_boards=options.train_boards,
        test_boards=options.boards,
        distorted=not options.undistorted,
        images=image_options(options),
        run=run,
        engine=CLASSIFYING.get(run.engine, run.engine),
    )
    outcome = classify.run_experiment(settings, _images(options), Console(stderr=True))
    found = classify.figures(outcome)
    told = {"train_boards": settings.train_boards, "distorted": settings.distorted}
    return _reported(options, run, told, found, classify.report(found), classify.protocol(settings, outcome))


def _learn(options: Namespace) -> Result:
    run = _run_options(options)
    settings = learn.Settings(
        size=options.size,
        units_until=options.units_until,
        test_boards=options.boards,
        supervised=not options.rules_only,
        images=image_options(options),
        run=run,
        # Noise is for cold starts, which learning from units has done away with.
        engine=Sat(perturb=0.0) if run.engine == Sat.name else run.engine,
    )
    outcome = learn.run_experiment(settings, _images(options), Console(stderr=True))
    found = learn.figures(outcome)
    told = {"units_until": settings.units_until, "supervised": settings.supervised}
    return _reported(options, run, told, found, learn.report(found), learn.protocol(settings, outcome))


def _puzzles(options: Namespace) -> Result:
    if options.size != puzzles.SIZE:
        raise DataError("missing-data", "published puzzles are 9x9", hint="use --size 9")
    found = puzzles.figures(options.puzzle_dir, options.puzzles)
    print("\n".join(puzzles.report(found)))
    written = {"task": options.task, "size": options.size, "puzzles": options.puzzles}
    return Result(Sat.name, written, "published puzzles", puzzles.PROTOCOL, options.seed, found)


TASKS: Mapping[str, Callable[[Namespace], Result]] = {
    "solve": _solve,
    "classify": _classify,
    "learn": _learn,
    "puzzles": _puzzles,
}
"""By the name that `--task` takes."""


def _run_options(options: Namespace) -> RunOptions:
    default = DEFAULTS[options.task, options.size]
    if options.engine is None:
        options.engine = default.engine
    return run_options(
        options, epochs=default.epochs, learning_rate=default.learning_rate, batch_size=default.batch_size
    )


def _possible(givens: int, size: int) -> int:
    if not FEWEST[size] <= givens <= size * size:
        message = f"there are no puzzles of {givens} givens with one solution on boards of {size}x{size}"
        raise DataError(
            "too-few-givens", message, hint=f"give {FEWEST[size]} to {size * size}, or '{MINIMAL}'"
        )
    return givens


def _images(options: Namespace) -> ImageSet:
    find_device(options.device)
    return load_images(options.data, options.data_dir, options.seed)


def _reported(
    options: Namespace,
    run: RunOptions,
    told: Mapping[str, Any],
    found: Mapping[str, Any],
    lines: Sequence[str],
    protocol: str,
) -> Result:
    """Print a run's figures, and what is recorded of it. told: the options of its task alone."""
    print("\n".join([*lines, *cost_lines(found)]))
    written = {
        "task": options.task,
        "size": options.size,
        **told,
        **image_options(options).written(),
        **run.written(),
    }
    return Result(run.engine, written, options.data, protocol, run.seed, found)
