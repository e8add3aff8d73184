"""A template made ready for training: its symbols, its outputs, and what answers for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Union, final

from nesy.engines.auto import Auto
from nesy.engines.exact import Exact, ExactInference
from nesy.engines.fuzzy_inference import PROBABILITY, fuzzy_inference
from nesy.engines.inference import Engine, Inference
from nesy.engines.plan import plan_of_one
from nesy.engines.registry import resolve
from nesy.errors import EngineError
from nesy.grounding import Template, ground
from nesy.grounding.budget import Budget
from nesy.grounding.ground import ground_rules
from nesy.language.syntax import Program
from nesy.logic.program import Output, Symbol

Observable = Union[Mapping[str, Union[str, Sequence[str], None]], Sequence[str], None]
"""What may be observed example by example: atoms, and for each the variables that are outputs."""


@final
@dataclass(frozen=True)
class Prepared:
    """outputs: what the template asks. observable: what else may be observed, as outputs.

    inference: of both together, `outputs` first.
    """

    symbols: tuple[Symbol, ...]
    outputs: tuple[Output, ...]
    observable: tuple[Output, ...]
    inference: Inference


def prepared(
    program: Program,
    template: Template,
    evidence: Observable = None,
    engine: str | Engine = "exact",
    semantics: str = PROBABILITY,
    budget: Budget | None = None,
) -> Prepared:
    """Ground a template and make its inference.

    Raises `NesyError`: what grounding and the engine raise; unknown-semantics, unsupported-task.
    """
    given = observed_templates(evidence)
    chosen = resolve(engine)
    if semantics != PROBABILITY:
        return _fuzzy(program, template, given, chosen, semantics, budget)
    grounded = ground(program, template, given=given, budget=budget)
    inference = chosen.prepare(grounded)
    if given and not isinstance(inference, ExactInference):
        raise EngineError(
            "unsupported-task",
            f"engine {chosen.name!r} cannot do this: conditioning on evidence that changes between examples",
            hint="use engine='exact', or write the evidence into the rules",
        )
    inference.warm_up()
    asked = len(grounded.outputs) - grounded.given
    return Prepared(grounded.symbols, grounded.outputs[:asked], grounded.outputs[asked:], inference)


def observed_templates(evidence: Observable) -> tuple[Template, ...]:
    """The templates of what may be observed. Raises `LanguageError` as `Template.parse` does."""
    if evidence is None:
        return ()
    named = evidence if isinstance(evidence, Mapping) else dict.fromkeys(evidence)
    return tuple(Template.parse(atom, variables(output)) for atom, output in named.items())


def variables(output: str | Sequence[str] | None) -> str | tuple[str, ...] | None:
    """The output variables of a template, as `Template.parse` takes them."""
    return output if output is None or isinstance(output, str) else tuple(output)


def _fuzzy(
    program: Program,
    template: Template,
    given: Sequence[Template],
    engine: Engine,
    semantics: str,
    budget: Budget | None,
) -> Prepared:
    if given or not isinstance(engine, (Exact, Auto)):
        what = "be conditioned on evidence" if given else f"be computed by engine {engine.name!r}"
        raise EngineError(
            "unsupported-task",
            f"degrees of truth ({semantics}) cannot {what}",
            hint="leave it out, or use semantics='probability'",
        )
    inference = fuzzy_inference(ground_rules(program, template, budget=budget), semantics)
    found = inference.formulas
    inference.plan = plan_of_one(
        semantics, found.outputs, len(found.symbols), "degrees of truth are computed on formulas"
    )
    return Prepared(found.symbols, found.outputs, (), inference)
