"""Code that numba compiles, part by part: whether a computer has it already, and compiling it ahead.

Compiled code is kept on disk, per function and kind of processor, and made again where its source changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any, final

# Rules that pass through all that evaluates rules: joins, arithmetic, comparison, negation, recursion.
_RULES = r"""
0.5::edge(1, 2). 0.5::edge(2, 3). 0.5::edge(1, 3).
path(X, Y) :- edge(X, Y).
path(X, Z) :- path(X, Y), edge(Y, Z), X < Z, T is X + Y, T > 0, \+ edge(X, Z).
query(path(1, X)).
"""

# Clauses so entangled that structure decides nothing, and a search is needed.
_TANGLED = [(0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (4, 5, 6), (5, 6, 7), (6, 7, 0), (7, 0, 3), (0, 4, 1)]


@final
@dataclass(frozen=True, slots=True)
class CompiledPart:
    """A part of the package that runs compiled code.

    exercise: runs something small through all of it. entries: the compiled functions that it enters by.
    Either loads numba, half a second.
    """

    name: str
    exercise: Callable[[], None]
    entries: Callable[[], tuple[Any, ...]]

    def warm(self) -> float:
        """Load the part's code, and compile what is not on disk; the seconds that took."""
        start = perf_counter()
        self.exercise()
        return perf_counter() - start

    def is_warm(self) -> bool:
        """Whether the code is on disk, for this processor and from the source as it is."""
        return all(any(_kept(entry)) for entry in self.entries())

    def folder(self) -> str:
        """Where the code is kept."""
        return str(self.entries()[0]._cache.cache_path)


def compiled_parts() -> tuple[CompiledPart, ...]:
    """The parts in the order in which a program meets them."""
    return (
        CompiledPart("grounding", _ground, _grounding),
        CompiledPart("compiling", _compile, _compiling),
        CompiledPart("evaluation", _evaluate, _evaluation),
        CompiledPart("sampling", _sample, _sampling),
    )


def warm() -> dict[str, float]:
    """Compile all code ahead; the seconds each part took. Cost: a second, or a minute the first time."""
    return {part.name: part.warm() for part in compiled_parts()}


def _kept(entry: Any) -> Iterator[bool]:
    """For each version of a function on disk, whether it is for this processor."""
    here = entry.targetctx.codegen().magic_tuple()
    # numba drops what is older than the source when it reads the index.
    return (key[1] == here for key in entry._cache._cache_file._load_index())


def _ground() -> None:
    from nesy.grounding.ground import ground_rules  # noqa: PLC0415
    from nesy.language import parse  # noqa: PLC0415

    ground_rules(parse(_RULES), path="relational").acyclic()


def _grounding() -> tuple[Any, ...]:
    from nesy.grounding.relational.grouping import least  # noqa: PLC0415
    from nesy.grounding.relational.machine import evaluate  # noqa: PLC0415

    return evaluate, least


def _compile() -> None:
    from nesy.compile.compiler import circuit_of  # noqa: PLC0415
    from nesy.compile.source import Draft  # noqa: PLC0415
    from nesy.grounding import ground  # noqa: PLC0415
    from nesy.language import parse  # noqa: PLC0415

    facts = "".join(f"0.5::x({i}).\n" for i in range(8))
    clauses = "".join(f"bad :- x({a}), \\+ x({b}), x({c}).\n" for a, b, c in _TANGLED)
    program = ground(parse(facts + clauses + r"good :- \+ bad. query(good)."))
    draft = Draft(program)
    roots = [literal for output in program.outputs for literal in output.literals]
    circuit_of(draft.source(roots, fast=True), draft.sizes, fast=True)


def _compiling() -> tuple[Any, ...]:
    from nesy.compile.compiler import prepare  # noqa: PLC0415
    from nesy.compile.jit import compiled  # noqa: PLC0415
    from nesy.compile.search import go_on  # noqa: PLC0415

    return compiled(prepare), compiled(go_on)


def _evaluate() -> None:
    from nesy.kernels.numba_log import warm as load  # noqa: PLC0415

    load()


def _evaluation() -> tuple[Any, ...]:
    from nesy.kernels.numba_log_backward import backward  # noqa: PLC0415
    from nesy.kernels.numba_log_forward import forward  # noqa: PLC0415

    return forward, backward


def _sample() -> None:
    from nesy.kernels.worlds.warming import exercise  # noqa: PLC0415

    exercise()


def _sampling() -> tuple[Any, ...]:
    from nesy.kernels.worlds.warming import entries  # noqa: PLC0415

    return entries()
