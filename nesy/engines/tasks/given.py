"""A question put to a program: which circuit, under which beliefs, with what observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, final

import numpy as np

from nesy.engines.inconsistent import inconsistent
from nesy.engines.tasks.beliefs import Beliefs, log_beliefs
from nesy.engines.tasks.forward import Evaluated, FloatArray, evaluated
from nesy.engines.tasks.names import Names, Said
from nesy.engines.tasks.questions import Compiled, Questions
from nesy.errors import EngineError
from nesy.logic.program import GroundProgram

Observed = Mapping[str, Said]
"""Values that outputs or symbols are known to have, by name; an output goes before a symbol of its name."""


Number = Any
"""A float; where beliefs were given as rows, for B examples, an array (B,)."""


@final
@dataclass(frozen=True, eq=False)
class Given:
    """What is believed and observed, and the circuit it is put to.

    beliefs: (B, V), log-probabilities after symbols are observed, normalised.
    log_observed: (B,), the log-probability of the observed symbols' values.
    targets: the observed value of each output that is observed in the circuit; None leaves it open.
    batched: whether the beliefs were given as rows, for B examples.
    """

    program: GroundProgram
    compiled: Compiled
    beliefs: FloatArray
    log_observed: FloatArray
    targets: Mapping[int, int | None]
    batched: bool

    @cached_property
    def inputs(self) -> FloatArray:
        """(width, B): the input columns of the circuit: beliefs, then indicators of observed outputs."""
        batch = len(self.beliefs)
        parts = [self.beliefs.T]
        for output, value in self.targets.items():
            shape = len(self.program.outputs[output].domain), batch
            indicators = np.zeros(shape) if value is None else np.full(shape, -np.inf)
            if value is not None:
                indicators[value] = 0.0
            parts.append(indicators)
        return np.concatenate(parts)

    @cached_property
    def worlds(self) -> Evaluated:
        """The condition's layers, evaluated."""
        return evaluated(self.compiled.world_layers, self.inputs)

    @cached_property
    def log_condition(self) -> FloatArray:
        """(B,): the log-probability of evidence, constraints and observed outputs, given observed symbols.

        Raises `SemanticsError` (inconsistent-evidence), `EngineError` (impossible-observation) for -inf.
        """
        found: FloatArray = self.worlds.rows[self.compiled.world_layers.roots[0]]
        self.require_possible(found)
        return found

    def require_possible(self, log_condition: FloatArray) -> None:
        """Refuse what cannot be. Errors as for `log_condition`."""
        if not np.isneginf(log_condition).any() and not np.isneginf(self.log_observed).any():
            return
        if self.targets or np.isneginf(self.log_observed).any():
            raise EngineError(
                "impossible-observation",
                "what was observed has probability zero",
                hint="leave observations out one by one to see which contradict the rules or each other",
            )
        raise inconsistent(self.program, "the evidence has probability zero")

    def number(self, values: FloatArray) -> Number:
        """(B,) as the caller sees it: an array where beliefs were given as rows, else a float."""
        return values if self.batched else float(values[0])

    def require_worlds(self) -> None:
        """Refuse where there is no possible world. Errors as for `log_condition`."""
        self.require_possible(self.log_condition)

    def single(self, task: str) -> None:
        """Refuse a batch. Raises `EngineError` (one-example)."""
        if len(self.beliefs) > 1:
            raise EngineError(
                "one-example",
                f"{task} takes the beliefs of one example, not of {len(self.beliefs)}",
                hint="call it once for each example",
            )


def given(questions: Questions, names: Names, observed: Observed | None, beliefs: Beliefs | None) -> Given:
    """Read a caller's beliefs and observations.

    Raises `EngineError`: unknown-output, unknown-value, and as `log_beliefs`. Cost: O(B * V), and compiling
    where these outputs are observed for the first time.
    """
    program = questions.program
    logs = log_beliefs(program, names, beliefs)
    log_observed = np.zeros(len(logs))
    targets: dict[int, int | None] = {}
    for name, said in (observed or {}).items():
        if names.is_output(name) or name not in names.symbols:
            targets[names.output(name)] = names.output_value(name, said)
            continue
        number, value = names.symbol(name), names.symbol_value(name, said)
        start, stop = program.offsets[number], program.offsets[number + 1]
        log_observed += logs[:, start + value]
        logs[:, start:stop] = -np.inf
        logs[:, start + value] = 0.0
    targets = dict(sorted(targets.items()))
    batched = any(np.ndim(rows) == 2 for rows in (beliefs or {}).values())
    return Given(program, questions.observing(tuple(targets)), logs, log_observed, targets, batched)
