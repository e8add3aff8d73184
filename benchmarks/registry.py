"""The table of benchmarks. A module is imported when its benchmark runs, not before."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import final

from benchmarks.record import Result


@final
@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a benchmark's module exports as `BENCHMARK`.

    example: the arguments of a typical run, shown by `--help`.
    run: does the work, prints what people want to see, and returns what is to be recorded.
    """

    example: str
    add_options: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], Result]


@final
@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table."""

    module: str
    summary: str

    def load(self) -> Benchmark:
        """The benchmark, its module now imported."""
        benchmark = import_module(self.module).BENCHMARK
        assert isinstance(benchmark, Benchmark), f"{self.module}.BENCHMARK must be a Benchmark"
        return benchmark


BENCHMARKS: Mapping[str, Entry] = {
    "add": Entry("benchmarks.add.command", "learn what happens within a column, in a sketch of addition"),
    "addition_size": Entry("benchmarks.addition_size.command", "how N-digit addition grounds and compiles"),
    "all_digit_addition": Entry(
        "benchmarks.all_digit_addition.command", "learn digits from sums that are images, too"
    ),
    "colouring": Entry("benchmarks.colouring.command", "colour maps whose regions are seen through noise"),
    "compile": Entry("benchmarks.compile.command", "compile, beside ProbLog, pysdd and d4"),
    "circuits": Entry("benchmarks.circuits.command", "evaluate circuits, beside KLay, PySDD and memory"),
    "demo": Entry("benchmarks.demo.command", "add handwritten digits, in under a minute, with pictures"),
    "engines": Entry("benchmarks.engines.command", "one task learnt with every engine, and their gradients"),
    "evaluation": Entry("benchmarks.evaluation.command", "programs on random worlds; gradients from samples"),
    "formulas": Entry("benchmarks.formulas.command", "learn digits and operators from values of formulas"),
    "grounding": Entry("benchmarks.grounding.command", "ground and parse, beside ProbLog and clingo"),
    "hmm": Entry("benchmarks.hmm.command", "hidden states from pictures: trained on last ones, smoothed"),
    "kinship": Entry("benchmarks.kinship.command", "who is whose aunt, in longer stories than it learnt"),
    "maxsat": Entry("benchmarks.maxsat.command", "most probable boards, beside python-sat's RC2"),
    "mnist_addition": Entry("benchmarks.mnist_addition.command", "learn digits from sums of N-digit numbers"),
    "mnist_products": Entry("benchmarks.mnist_products.command", "learn digits from products of numbers"),
    "noisy_addition": Entry("benchmarks.noisy_addition.command", "learn digits from sums, some made up"),
    "path_planning": Entry(
        "benchmarks.path_planning.command", "learn terrain from cheapest ways over maps seen tile by tile"
    ),
    "scheduling": Entry("benchmarks.scheduling.command", "plan exams: most wishes granted, no rule broken"),
    "shortcuts": Entry("benchmarks.shortcuts.command", "sums that do not determine the digits they are of"),
    "sort": Entry("benchmarks.sort.command", "learn when to swap two numbers, in a sketch of bubble sort"),
    "sudoku": Entry("benchmarks.sudoku.command", "read, judge and solve Sudoku boards made of pictures"),
}
"""Every benchmark, by the name it is called with."""
