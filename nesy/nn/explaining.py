"""Why a model gives an example a value: proofs, what matters, and a picture of it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np
import torch
from torch import Tensor

from nesy.engines.explaining.asking import PROOFS, require_count
from nesy.engines.explaining.explainer import Explainer, called
from nesy.engines.explaining.explanation import ProbabilityExplanation
from nesy.engines.fuzzy_inference import PROBABILITY
from nesy.engines.tasks.forward import FloatArray
from nesy.errors import EngineError, ModelError
from nesy.grounding import Template
from nesy.grounding.budget import Budget
from nesy.grounding.recorded import ground_recorded
from nesy.language.syntax import Program
from nesy.logic.program import InputRef, Output, Symbol, Value
from nesy.nn.belief import Belief
from nesy.nn.otherwise import Answers, Otherwise, otherwise, otherwise_lines


@final
@dataclass(frozen=True, eq=False)
class ModelExplanation:
    """Why a model gives an example a value. As a string, for people.

    output, value: what is explained. why: its probability, proofs and influences.
    beliefs: of the symbols that networks tell, those of the best proof first.
    otherwise: second thoughts of networks that would change the answer, likeliest first.
    """

    output: str
    value: Value
    why: ProbabilityExplanation
    beliefs: tuple[Belief, ...]
    otherwise: tuple[Otherwise, ...]

    def __str__(self) -> str:
        lines = otherwise_lines(self.otherwise, self.output)
        return "\n".join([str(self.why), *(["", *lines] if lines else [])])

    def figure(self) -> Any:
        """A matplotlib figure: the images, the beliefs as bars, and the best proof.

        Raises `ConfigError` (missing-package) without matplotlib. Cost: some tenths of a second.
        """
        from nesy.nn.explained_picture import figure_of  # noqa: PLC0415 - loads matplotlib

        return figure_of(self.why, self.beliefs)

    def picture(self, path: str | Path) -> None:
        """Write the figure to a file, whose ending says how: .png, .svg or .pdf; whole or not at all.

        Raises `ConfigError` (missing-package) without matplotlib. Cost: as `figure`.
        """
        from nesy.nn.explained_picture import write_picture  # noqa: PLC0415 - loads matplotlib

        write_picture(self.why, self.beliefs, Path(path))


@final
class Explaining:
    """What it takes to explain a model's answers: its rules, ground once, when first asked.

    Copies share the rules. Rules that call Python functions are left behind when a model is pickled.
    """

    def __init__(
        self, program: Program | None, template: Template, semantics: str, budget: Budget | None
    ) -> None:
        self._program = program
        self._template = template
        self._semantics = semantics
        self._budget = budget
        self._made: Explainer | None = None

    def __deepcopy__(self, memo: object) -> Explaining:
        return copy(self)

    def __copy__(self) -> Explaining:
        return Explaining(self._program, self._template, self._semantics, self._budget)

    def __reduce__(self) -> tuple[Any, ...]:
        program = None if self._program is None or self._program.foreign else self._program
        return Explaining, (program, self._template, self._semantics, self._budget)

    def explainer(self) -> Explainer:
        """What explains. Raises `EngineError` (unsupported-task), `ModelError` (no-rules)."""
        if self._semantics != PROBABILITY:
            raise EngineError(
                "unsupported-task",
                f"degrees of truth ({self._semantics}) have no probabilities to explain",
                hint="make the model with semantics='probability'",
            )
        if self._program is None:
            raise ModelError(
                "no-rules",
                "this model was pickled, and its rules call Python functions, which pickles leave behind",
                hint="make the model anew, and load its state_dict",
            )
        if self._made is None:
            recorded = ground_recorded(self._program, self._template, budget=self._budget)
            self._made = Explainer(recorded, self._template)
        return self._made


@torch.no_grad()
def explained(
    model: Answers,
    explaining: Explaining,
    example: Mapping[str, Tensor],
    beliefs: Tensor,
    output: str | None,
    value: Value | None,
    proofs: int = PROOFS,
) -> ModelExplanation:
    """See `Model.explain`. example: one's inputs, (1, ...). beliefs: (1, V), what networks make of it."""
    require_count(proofs)
    explainer = explaining.explainer()
    wanted = _output(model.outputs, output)
    place = _value(model.outputs[wanted], value, model, beliefs, wanted)
    prior = _in_order(explainer.program.symbols, model.symbols, beliefs[0])
    number = next(i for i, o in enumerate(explainer.program.outputs) if o.name == model.outputs[wanted].name)
    told = explainer.program.outputs[number]
    at = list(told.domain).index(model.outputs[wanted].domain[place])
    why = explainer.explained(called(told.name, told.domain[at]), number, at, prior, proofs)
    listed = _beliefs(explainer.program.symbols, explainer.program.offsets, prior, why, example)
    return ModelExplanation(told.name, told.domain[at], why, listed, otherwise(model, wanted, beliefs))


def _output(outputs: list[Output], name: str | None) -> int:
    """The output of a name; the first without one. Raises `EngineError` (unknown-output)."""
    names = [o.name for o in outputs]
    if name is None:
        return 0
    if name not in names:
        raise EngineError(
            "unknown-output", f"there is no output named {name!r}", hint=f"the outputs are {_few(names)}"
        )
    return names.index(name)


def _value(output: Output, value: Value | None, model: Answers, beliefs: Tensor, number: int) -> int:
    """The number of a value; without one, the predicted one. Raises `EngineError` (unknown-value)."""
    if value is None:
        return int(model.inference.predict(beliefs)[0, number])
    if value not in output.domain:
        raise EngineError(
            "unknown-value",
            f"{output.name} has no value {value!r}",
            hint=f"its values are {_few([repr(v) for v in output.domain])}",
        )
    return list(output.domain).index(value)


def _few(texts: list[str]) -> str:
    more = f" and {len(texts) - 8} more" if len(texts) > 8 else ""
    return ", ".join(texts[:8]) + more


def _in_order(symbols: tuple[Symbol, ...], own: tuple[Symbol, ...], beliefs: Tensor) -> FloatArray:
    """The beliefs of a model's own symbols as probabilities, in another order of the same symbols."""
    numbers = beliefs.double().exp().cpu().numpy()
    found: dict[Symbol, list[FloatArray]] = {}
    start = 0
    for symbol in own:
        found.setdefault(symbol, []).append(numbers[start : start + len(symbol.values)])
        start += len(symbol.values)
    rows = []
    for symbol in symbols:
        # Symbols of one name and distribution are alike; one the model does without says nothing.
        same = found.get(symbol)
        row = same.pop(0) if same else np.array(symbol.prior or [1.0] * len(symbol.values))
        rows.append(row / row.sum())
    return np.concatenate(rows) if rows else np.zeros(0)


def _beliefs(
    symbols: tuple[Symbol, ...],
    offsets: tuple[int, ...],
    prior: FloatArray,
    why: ProbabilityExplanation,
    inputs: Mapping[str, Tensor],
) -> tuple[Belief, ...]:
    """Of the symbols that networks tell; those that the best proof uses come first."""
    facts = {f.choice: f.values for p in why.proofs[:1] for f in (*p.facts, *p.supposed)}
    listed = [
        Belief(
            symbol.name,
            symbol.values,
            prior[offsets[number] : offsets[number + 1]],
            facts.get(number, ()),
            _images(symbol, inputs),
        )
        for number, symbol in enumerate(symbols)
        if symbol.call is not None
    ]
    return tuple(sorted(listed, key=lambda belief: not belief.used))


def _images(symbol: Symbol, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors that a symbol's network is given, those of networks below it too."""
    found: dict[str, Tensor] = {}
    work: list[InputRef] = [] if symbol.call is None else [*symbol.call.inputs]
    while work:
        ref = work.pop(0)
        if ref.network is not None:
            work.extend(ref.network.inputs)
        elif ref.number is None and str(ref) not in found:
            place = 0, *(i for i in ref.index if isinstance(i, int))
            found[str(ref)] = inputs[ref.name][place].cpu()
    return found
