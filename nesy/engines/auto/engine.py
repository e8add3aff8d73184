"""For each part of a program that shares no symbol with the others, the best engine that it allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, final

from nesy.compile.backends.native import Native
from nesy.engines.auto.combined import Answering, Combined
from nesy.engines.checked_options import require_option, require_whole
from nesy.engines.exact import Exact, ExactInference
from nesy.engines.inference import Engine, Inference
from nesy.engines.plan import Choice, Plan
from nesy.engines.registry import ENGINES, resolve
from nesy.errors import CompilationError
from nesy.logic.parts import independent_parts, whole_part
from nesy.logic.program import GroundProgram

MIB = 1 << 20


@final
@dataclass(frozen=True, slots=True)
class _Fitting:
    """exact: exact inference, if the values fit one by one. jointly: so does their joint relation."""

    exact: ExactInference | None
    jointly: bool


@final
@dataclass(frozen=True)
class Auto(Engine):
    """Exact where compiling stays within a budget, for each independent part of the program alone.

    Of a part whose joint relation does not fit, marginals are exact still where the values fit one by one;
    likelihoods are left to an approximate engine. Nothing is chosen in silence: `model.plan()` says what
    answers for what, and why.

    memory: bytes that compiling a circuit may fill. It bounds time too, about ten seconds for each 512 MiB,
    and is the same on every machine, so that the choice is.
    approximate: the engine of what does not fit, or its name; None takes `sat` where constraints or evidence
    leave few worlds, so that drawn ones seldom meet them, and `sampling` elsewhere.
    """

    name: ClassVar[str] = "auto"

    memory: int = 512 * MIB
    approximate: str | Engine | None = field(default=None)

    def __post_init__(self) -> None:
        require_whole("memory", self.memory, 1)
        if isinstance(self.approximate, str) and self.approximate not in ENGINES:
            raise ENGINES.unknown(self.approximate, ENGINES.names())
        is_engine = self.approximate is None or isinstance(self.approximate, (str, Engine))
        chooses = self.approximate == self.name or isinstance(self.approximate, Auto)
        remedy = "the name of an engine that answers itself, such an engine, or None"
        require_option(is_engine and not chooses, "approximate", self.approximate, remedy)

    def build(self, program: GroundProgram) -> Inference:
        """Tries, part by part. The inference's `plan` says what was chosen.

        Raises `SemanticsError` (inconsistent-evidence), and what the engine that is chosen raises.
        Cost: compiling, as far as the budget goes, once for the whole program, and once for each part of
        several.
        """
        whole = self._fitting(program)
        if whole.exact is not None and whole.jointly:
            whole.exact.plan = Plan((self._choice(program, whole, "exact"),))
            return whole.exact
        parts = independent_parts(program)
        if len(parts) == 1:
            parts, tried = [whole_part(program)], [whole]
        else:
            tried = [self._fitting(part.program) for part in parts]
        left = [part.program for part, fitting in zip(parts, tried, strict=True) if not fitting.jointly]
        engine = resolve(self.approximate or ("sat" if any(p.condition for p in left) else "sampling"))
        combined = Combined(
            program,
            [(part, _answering(part.program, f, engine)) for part, f in zip(parts, tried, strict=True)],
        )
        combined.plan = Plan(
            tuple(
                self._choice(part.program, fitting, engine.name)
                for part, fitting in zip(parts, tried, strict=True)
                if part.outputs
            )
        )
        return combined

    def _fitting(self, program: GroundProgram) -> _Fitting:
        exact = self._compiled(program)
        return _Fitting(exact, jointly=exact is not None and self._fits_jointly(exact))

    def _choice(self, program: GroundProgram, fitting: _Fitting, other: str) -> Choice:
        names, symbols = tuple(o.name for o in program.outputs), len(program.symbols)
        exact = fitting.exact
        if exact is None:
            return Choice(names, symbols, other, other, f"circuits exceed {self._limit}")
        if fitting.jointly:
            nodes = sum(circuit.size for circuit in exact.circuits)
            return Choice(names, symbols, "exact", "exact", f"circuits of {nodes:,} nodes")
        reason = f"{exact.values.size:,} nodes for values one by one; jointly over {self._limit}"
        return Choice(names, symbols, "exact", other, reason)

    def _compiled(self, program: GroundProgram) -> ExactInference | None:
        """Exact inference, if the values fit one by one."""
        try:
            return Exact(compiler=Native(memory=self.memory)).build(program)
        except CompilationError as error:
            _only_memory(error)
            return None

    def _fits_jointly(self, exact: ExactInference) -> bool:
        try:
            exact.warm_up()
        except CompilationError as error:
            _only_memory(error)
            return False
        return True

    @property
    def _limit(self) -> str:
        return f"{self.memory / MIB:,.0f} MiB" if self.memory >= MIB else f"{self.memory:,} bytes"


def _only_memory(error: CompilationError) -> None:
    if error.code != "out-of-memory":
        raise error


def _answering(program: GroundProgram, fitting: _Fitting, engine: Engine) -> Answering:
    """What answers for a part: the approximate engine where circuits do not fit."""
    if fitting.exact is None:
        other = engine.prepare(program)
        return Answering(other, other)
    return Answering(fitting.exact, fitting.exact if fitting.jointly else engine.prepare(program))
