"""How long a program takes to be read, grounded, compiled and evaluated, stage by stage, on this machine."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any, TypeVar, final

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import Circuit
from nesy.engines.exact import ExactInference
from nesy.engines.inference import Engine, Inference
from nesy.engines.solve import probabilities
from nesy.engines.together import circuit_together, marginals_by
from nesy.errors import EngineError
from nesy.grounding import Template, ground
from nesy.grounding.budget import Budget
from nesy.kernels.numba_plan import plan_of
from nesy.language.syntax import Program
from nesy.logic.program import GroundProgram

T = TypeVar("T")
Watch = Callable[[str, int], None]
"""Is told of a stage and of its repetition, from 1, that begins."""

BLOCK = 0.01
"""Seconds: evaluations that take less are timed several at a time."""


@final
@dataclass(frozen=True, slots=True)
class TimingProtocol:
    """What is timed. batch: examples evaluated at once. training: also a loss and its gradient, by torch.

    A stage is repeated `repeat` times, but not again once it has taken `seconds`.
    """

    engine: Engine
    template: Template | None = None
    batch: int = 1
    repeat: int = 5
    seconds: float = 10.0
    training: bool = False
    budget: Budget | None = None


@final
@dataclass(frozen=True, slots=True)
class Stage:
    """A stage, and the seconds of each repetition, in order. The first one also loads code."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one of the repetitions."""
        return median(self.seconds)


@final
@dataclass(frozen=True, slots=True)
class CircuitFigures:
    """A circuit's size. bytes: of its arrays. bytes_moved: by an evaluation of the batch.

    Moved are the values that are read and written, a float64 for each factor and each row of the circuit
    and each example; not the circuit itself.
    """

    nodes: int
    edges: int
    bytes: int
    bytes_moved: int


@final
@dataclass(frozen=True, slots=True)
class Measurement:
    """What a program took. peak_memory: the most bytes the process has held; None where nobody can tell.

    circuit: the one that evaluation evaluates; None with engines that have none.
    """

    stages: tuple[Stage, ...]
    symbols: int
    outputs: int
    ground_nodes: int
    circuit: CircuitFigures | None
    peak_memory: int | None


def measure(read: Callable[[], Program], how: TimingProtocol, watch: Watch | None = None) -> Measurement:
    """Time what `read` reads, stage by stage. Circuits are neither taken from the disk nor kept there.

    Without a template the program's queries are answered as `nesy.solve` does. What networks would say are
    random distributions.
    Raises `NesyError`: what reading, grounding and the engine raise; nothing-asked.
    Cost: that of each stage, times its repetitions.
    """
    stages = _Stages(how, watch)
    with _without_cache():
        program = stages.timed("read", read)
        grounded = stages.timed(
            "ground", lambda: ground(program, how.template, evaluate=probabilities, budget=how.budget)
        )
        _require_question(grounded)
        compiled = stages.timed("compile", lambda: _compiled(grounded, how))
        beliefs = drawn_beliefs(grounded, how.batch)
        stages.timed_warm("evaluate", partial(compiled.marginals, beliefs))
        if compiled.inference is not None and how.training:
            stages.timed_warm("train", _update(compiled.inference, beliefs))
    return Measurement(
        tuple(stages.done),
        len(grounded.symbols),
        len(grounded.outputs),
        len(grounded.graph),
        None if compiled.circuit is None else _figures(compiled.circuit, how.batch),
        peak_memory(),
    )


@final
@dataclass(frozen=True, slots=True)
class _Compiled:
    """marginals: of a batch of beliefs. inference: None where queries are answered together."""

    marginals: Callable[[Any], object]
    circuit: Circuit | None
    inference: Inference | None = None


def _compiled(program: GroundProgram, how: TimingProtocol) -> _Compiled:
    if how.template is None and not how.training:
        together = circuit_together(program, how.engine)
        if together is not None:
            return _Compiled(partial(marginals_by, program, together), together)
    inference = how.engine.prepare(program)
    if how.training:
        inference.warm_up()
    circuit = inference.values if isinstance(inference, ExactInference) else None
    return _Compiled(inference.marginals, circuit, inference)


def drawn_beliefs(program: GroundProgram, batch: int, seed: int = 0) -> NDArray[np.float64]:
    """(batch, V): log-probabilities; what rules give as they give it, what networks give drawn at random.

    Cost: O(batch * V).
    """
    random = np.random.default_rng(seed)
    columns = []
    for symbol in program.symbols:
        if symbol.prior is None:
            columns.append(random.dirichlet(np.ones(len(symbol.values)), batch))
        else:
            columns.append(np.tile(np.array(symbol.prior), (batch, 1)))
    with np.errstate(divide="ignore"):
        found: NDArray[np.float64] = np.log(np.concatenate([np.empty((batch, 0)), *columns], axis=1))
    return found


def _update(inference: Inference, beliefs: NDArray[np.float64]) -> Callable[[], object]:
    """A loss for what the engine predicts of random beliefs, and its gradient."""
    import torch  # noqa: PLC0415 - only who asks for it waits for torch

    targets = torch.as_tensor(np.asarray(inference.predict(beliefs)))

    def update() -> object:
        leaves = torch.tensor(beliefs, requires_grad=True)
        inference.loss(leaves, targets).backward()
        return leaves.grad

    return update


@final
class _Stages:
    """Runs stages one after the other, and keeps what each of their repetitions took."""

    def __init__(self, how: TimingProtocol, watch: Watch | None) -> None:
        self.done: list[Stage] = []
        self._how = how
        self._watch = watch

    def timed(self, name: str, work: Callable[[], T], calls: int = 1) -> T:
        """Repeat some work; what it gave the last time. Each repetition is the mean of so many calls."""
        seconds: list[float] = []
        while True:
            if self._watch is not None:
                self._watch(name, len(seconds) + 1)
            began = time.perf_counter()
            for _ in range(calls):
                found = work()
            seconds.append((time.perf_counter() - began) / calls)
            if len(seconds) == self._how.repeat or calls * sum(seconds) > self._how.seconds:
                self.done.append(Stage(name, tuple(seconds)))
                return found

    def timed_warm(self, name: str, work: Callable[[], object]) -> None:
        """Repeat some work that has been done before; what is short, several times in each repetition."""
        work()
        began = time.perf_counter()
        work()
        self.timed(name, work, 1 + int(BLOCK / (time.perf_counter() - began + sys.float_info.min)))


@contextmanager
def _without_cache() -> Iterator[None]:
    """Meanwhile no circuit comes from the disk, and none is kept there."""
    before = os.environ.get("NESY_CACHE")
    os.environ["NESY_CACHE"] = "off"
    try:
        yield
    finally:
        if before is None:
            del os.environ["NESY_CACHE"]
        else:
            os.environ["NESY_CACHE"] = before


def _require_question(program: GroundProgram) -> None:
    if not program.outputs:
        raise EngineError(
            "nothing-asked",
            "the program has no queries to be timed",
            hint="say what a model will ask with --query, and its output variable with --output",
        )


def _figures(circuit: Circuit, batch: int) -> CircuitFigures:
    arrays = (circuit.kinds, circuit.columns, circuit.offsets, circuit.children, circuit.roots)
    plan = plan_of(circuit)
    return CircuitFigures(
        circuit.size, circuit.edges, sum(a.nbytes for a in arrays), 8 * batch * (plan.work + plan.rows)
    )


def peak_memory() -> int | None:
    """The most bytes of memory that this process has held at a time; None where the system does not tell."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most << 10
