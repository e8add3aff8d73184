"""The exact engine: everything compiled to circuits once, evaluated for whole batches.

Two circuits serve a program: one with a root for each value of each output (marginals, predictions),
and, where there are several outputs, one of their joint relation with the symbols (likelihoods). With
one output its values are all there is to the joint, and the second circuit is not built.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, final

import numpy as np

from nesy.circuit.circuit import Circuit
from nesy.compile.backends import Compiler, compiler_named
from nesy.compile.cache import cached
from nesy.engines.inconsistent import require_consistent
from nesy.engines.inference import Array, Engine, Guarantee, Inference, Marginal
from nesy.engines.outputs import marginals_of, most_probable
from nesy.engines.unusable_beliefs import require_numbers
from nesy.engines.unusable_shapes import require_rows, require_values, require_width
from nesy.kernels import evaluate
from nesy.kernels.arrays import indicators, like, log_ratio, namespace, pick
from nesy.logic.program import GroundProgram
from nesy.logic.under_way import stage


@final
@dataclass(frozen=True)
class Exact(Engine):
    """Exact inference by knowledge compilation.

    compiler: `native`, `d4` or `pysdd`, the name of an installed one, or a `Compiler` itself.
    """

    compiler: str | Compiler = "native"

    name: ClassVar[str] = "exact"

    def build(self, program: GroundProgram) -> ExactInference:
        """Compiles. Raises `SemanticsError` (inconsistent-evidence) when no world meets the condition.

        Raises `EngineError` too: unknown-compiler, missing-compiler.
        """
        return ExactInference(program, compiler_named(self.compiler))


@final
class ExactInference(Inference):
    """Exact answers. Cost of every call: O(edges of the circuit used, times B)."""

    guarantee: ClassVar[Guarantee] = Guarantee.EXACT

    def __init__(self, program: GroundProgram, compiler: Compiler) -> None:
        self.program = program
        self.compiler = compiler
        # A number: the program's is a property kept behind a lock, which torch.compile cannot trace.
        self._width = program.width
        require_consistent(program, self.values)

    @cached_property
    def values(self) -> Circuit:
        """A root for each value of each output, and last the condition."""
        return self._cached("values", lambda: self.compiler.compile_values(self.program))

    @cached_property
    def joint(self) -> Circuit:
        """The joint relation of symbols and outputs, all of them observed."""
        return self._cached("joint", lambda: self.compiler.compile_joint(self.program, unobserved=False))

    @cached_property
    def partial(self) -> Circuit:
        """The joint relation in which outputs may go unobserved; compiled when first needed."""
        return self._cached("partial", lambda: self.compiler.compile_joint(self.program, unobserved=True))

    def _cached(self, task: str, build: Callable[[], Circuit]) -> Circuit:
        with stage("compiling", lambda: f"{len(self.program.graph):,} nodes"):
            return cached(self.program, task, self.compiler.name, build)

    @property
    def circuits(self) -> tuple[Circuit, ...]:
        """The circuits that training and prediction use: the values', and the joint one if it is needed."""
        return (self.values,) if self._single_output else (self.values, self.joint)

    @property
    def _single_output(self) -> bool:
        return len(self.program.outputs) == 1

    def warm_up(self) -> None:
        """Compile all that training and prediction need."""
        _ = self.circuits

    def log_prob(self, beliefs: Array, targets: Array) -> Array:
        """(B,): the joint log-probability of the observed targets, given the condition.

        Raises `ModelError` (wrong-shape), and where targets are numpy's, `EngineError` (target-out-of-range):
        tensors that name no value are told by the model, and not looked at again.
        """
        return log_ratio(*self._joint_and_condition(beliefs, targets))

    def log_joint(self, beliefs: Array, targets: Array) -> Array:
        """(B,): the log-probability of the observed targets and the condition together.

        Raises as `log_prob` does.
        """
        return self._joint_and_condition(beliefs, targets)[0]

    def log_condition(self, beliefs: Array) -> Array:
        """(B,): the log-probability of the condition: that evidence and constraints of the rules hold."""
        return evaluate(self.values, beliefs.T)[-1]

    def _joint_and_condition(self, beliefs: Array, targets: Array) -> tuple[Array, Array]:
        require_width(beliefs, self._width)
        require_rows(self.program.outputs, beliefs, targets)
        if isinstance(targets, np.ndarray):
            require_values(self.program.outputs, targets)
        if self._single_output:
            return self._single(beliefs, targets[:, 0])
        sizes = [len(o.domain) for o in self.program.outputs]
        circuit = self.joint
        if self._partly_observed(targets):
            circuit = self.partial
            # "Not observed" is the value after an output's last.
            targets = targets + (targets < 0) * (like(targets, sizes) - targets)
            sizes = [s + 1 for s in sizes]
        xp = namespace(beliefs)
        rows = xp.concatenate([beliefs.T, indicators(sizes, targets, beliefs)])
        roots = evaluate(circuit, rows)
        return roots[0], roots[1]

    def marginals(self, beliefs: Array) -> list[Marginal]:
        """For each output, the exact log-probability of each value given the condition.

        Raises `ModelError` (wrong-shape), `EngineError` (invalid-beliefs).
        """
        require_width(beliefs, self._width)
        require_numbers(beliefs)
        roots = evaluate(self.values, beliefs.T)
        return marginals_of(self.program.outputs, log_ratio(roots[:-1], roots[-1:]))

    def predict(self, beliefs: Array) -> Array:
        """(B, m): the most probable value of each output on its own. Raises as `marginals` does."""
        return most_probable(self.marginals(beliefs))

    def _partly_observed(self, targets: Array) -> bool:
        """Whether some target is -1.

        While torch traces, numbers cannot be looked at. The circuit for partial targets serves all, if it is
        there by then; else the graph is one for full targets, and asserts that they are.
        """
        xp = namespace(targets)
        if xp is np or not xp.compiler.is_compiling():
            return bool((targets < 0).any())
        if "partial" in self.__dict__:
            return True
        xp._assert_async((targets >= 0).all(), "traced for targets that are all observed")
        return False

    def _single(self, beliefs: Array, targets: Array) -> tuple[Array, Array]:
        xp = namespace(beliefs)
        roots = evaluate(self.values, beliefs.T)
        # Where nothing is observed, the condition is all there is.
        return pick(roots, xp.where(targets >= 0, targets, len(roots) - 1)), roots[-1]
