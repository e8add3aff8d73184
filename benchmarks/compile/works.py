"""The works of the benchmark, by name, and which peers do each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import final

from benchmarks.compile.programs import Clauses, addition, grid, markov, random_cnf, sudoku
from benchmarks.datasets.bayesian_networks import find_network, read_network

SEEDS = 3
"""Random formulas of each size."""


@final
@dataclass(frozen=True, slots=True)
class Work:
    """make: its program or clauses. peers: "sdd" and "ddnnf" are ProbLog's; "pysdd" and "d4" take clauses."""

    name: str
    make: Callable[[], str | Clauses]
    peers: tuple[str, ...] = ()
    template: tuple[str, str] | None = None
    """The query and output of a joint relation, where not every query is compiled on its own."""


def _network(name: str) -> str:
    return read_network(find_network(name)).rules()


_LONG = [Work(f"addition_{n}", partial(addition, n)) for n in (32, 64, 125, 250, 500)]

WORKS: Mapping[str, tuple[Work, ...]] = {
    "addition": (Work("addition_16", partial(addition, 16), ("sdd", "ddnnf")), *_LONG),
    "sudoku": (Work("sudoku_4x4", sudoku, ("sdd", "ddnnf", "d4")),),
    "markov": tuple(Work(f"markov_{t}", partial(markov, t), ("sdd", "ddnnf")) for t in (10, 50, 200)),
    "grid": tuple(
        Work(f"grid_{n}x{n}", partial(grid, n), ("sdd", "ddnnf") if n < 6 else ()) for n in (4, 5, 6, 7)
    ),
    "cnf": tuple(
        Work(f"cnf_{n}_{m}_{seed}", partial(random_cnf, n, m, seed), ("pysdd", "d4"))
        for n, m in ((80, 40), (100, 50), (40, 80))
        for seed in range(SEEDS)
    ),
    "networks": tuple(
        Work(n, partial(_network, n), ("ddnnf", "d4"), ("value(X, V)", "V"))
        for n in ("alarm", "insurance", "hailfinder")
    ),
}
"""Groups of works."""
