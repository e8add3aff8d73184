"""Whether labels determine concepts: reasoning shortcuts, counted and shown.

A concept map sends each value that a network may be shown to the value it is read as; a network has one map
for all its inputs. Training on labels cannot tell a map from the truth if what the rules give stays the same
for every combination of concepts that occurs. Such maps are what Marconato, Teso, Vergari and Passerini
(2023) call reasoning shortcuts: the deterministic optima of the likelihood but one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Union

from nesy.engines.audit.behaviour import Behaviour, certain_behaviour
from nesy.engines.audit.clauses import Clauses
from nesy.engines.audit.concepts import Concepts, concepts_of
from nesy.engines.audit.counting import counted
from nesy.engines.audit.gradients import vanishing_gradients
from nesy.engines.audit.label_files import rows_in
from nesy.engines.audit.labels import Label, LabelReader, rows_of
from nesy.engines.audit.maps import Cell, ConceptMap, Maps
from nesy.engines.audit.noisy import noisy_behaviour
from nesy.engines.audit.occurring import Occurring, Row, World
from nesy.engines.audit.report import Audit, Shortcut, Survived
from nesy.engines.audit.solving import growing
from nesy.engines.audit.tables import reduced
from nesy.engines.audit.used_rules import unused_rules
from nesy.errors import Diagnostic, EngineError
from nesy.grounding import Template, ground
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program
from nesy.logic.program import GroundProgram, Symbol

MOST_LISTED = 1_000
"""How many wrong maps are counted one by one where they cannot be counted at once."""

Labels = Union[Iterable[Label], str, "os.PathLike[str]", None]


def audit(
    program: Program,
    query: str,
    output: str | Sequence[str] | None = None,
    *,
    labels: Labels = None,
    budget: Budget | None = None,
) -> Audit:
    """Whether the labels of a template determine the concepts that its networks are to recognise.

    query, output: the template, as for `nesy.Model`.
    labels: the kinds of examples that training sees: pairs (values of the concepts, values of the outputs),
    mappings from the names of inputs and outputs to values, or the path of a CSV file with such columns.
    What is left out or None may be anything. Without labels, every combination of concepts occurs.
    budget: the most that grounding may spend.

    Raises `NesyError`: what grounding raises; nothing-to-audit, no-examples, audit-too-large, audit-too-hard;
    for labels
    invalid-label-pair, unknown-column, unknown-value, impossible-example, empty-examples, malformed-csv.
    Cost: grounding, and questions to a SAT solver: two for each example it takes to tell all maps apart, one
    for each pair of values; then compiling those examples, if there are wrong maps.
    """
    template = Template.parse(query, output if output is None or isinstance(output, str) else tuple(output))
    grounded = ground(program, template, budget=budget)
    concepts = concepts_of(grounded, query)
    behaviour = _behaviour(grounded, concepts)
    reader = LabelReader(concepts, grounded.outputs, template.outputs)
    found = _audited(behaviour, _rows(labels, reader))
    findings = [*vanishing_gradients(grounded, concepts), *unused_rules(program, template, budget)]
    learnable = next((s for s in grounded.symbols if s.learnable), None)
    if learnable is None:
        return replace(found, findings=tuple(findings))
    return replace(found, guarantee="at least", findings=(_held(learnable), *findings))


def _held(symbol: Symbol) -> Diagnostic:
    message = f"{symbol.name} is taken where learning begins; learned otherwise, it may hide other wrong maps"
    return Diagnostic("learnable-probability", message, symbol.span, None, "warning")


def _behaviour(program: GroundProgram, concepts: Concepts) -> Behaviour:
    if None in concepts.of_symbol:
        return noisy_behaviour(program, concepts)
    return reduced(certain_behaviour(program, concepts))


def _rows(labels: Labels, reader: LabelReader) -> list[Row]:
    if labels is None:
        return [Row()]
    if isinstance(labels, (str, os.PathLike)):
        rows, origin = rows_in(labels, reader), os.fspath(labels)
    else:
        rows, origin = rows_of(labels, reader), "the list of labels"
    if not rows:
        raise EngineError(
            "empty-examples",
            f"{origin} holds no examples",
            hint="name some kinds of examples, or leave labels out for all combinations",
        )
    return rows


def _audited(behaviour: Behaviour, rows: Sequence[Row]) -> Audit:
    examples, constraints = Clauses(), Clauses()
    with growing(examples) as solver, growing(constraints) as other:
        maps = Maps(Occurring(behaviour, rows, solver, examples), other, constraints)
        maps.close()
        images = maps.images()
        shortcut = _shortcut(maps) if maps.wrong else None
        total = counted(maps, images) if shortcut else 1
        wrong = maps.listed(MOST_LISTED) if total is None else total - 1
    exact = total is not None or wrong < MOST_LISTED
    readers = behaviour.concepts.readers
    return Audit(
        outputs=tuple(o.name for o in behaviour.outputs),
        concepts=tuple(c.name for c in behaviour.concepts.concepts),
        wrong_maps=wrong,
        guarantee="exact" if exact else "at least",
        read_as=_read_as(maps, images),
        unseen={
            r.name: tuple(v for i, v in enumerate(r.values) if (n, i) not in images)
            for n, r in enumerate(readers)
        },
        shortcut=shortcut,
    )


def _read_as(maps: Maps, images: dict[Cell, tuple[int, ...]]) -> dict[str, dict[str, tuple[str, ...]]]:
    readers = maps.occurring.behaviour.concepts.readers
    found: dict[str, dict[str, tuple[str, ...]]] = {r.name: {} for r in readers}
    for (reader, value), read in images.items():
        name, values = readers[reader].name, readers[reader].values
        found[name][values[value]] = tuple(values[i] for i in read)
    return found


def _shortcut(maps: Maps) -> Shortcut:
    fewest, proven = maps.fewest()
    behaviour = maps.occurring.behaviour
    changed: dict[str, dict[str, str]] = {}
    for (reader, value), image in fewest.items():
        if image != value:
            name, values = behaviour.concepts.readers[reader].name, behaviour.concepts.readers[reader].values
            changed.setdefault(name, {})[values[value]] = values[image]
    return Shortcut(changed, _survived(behaviour, maps.survived(fewest), fewest), proven)


def _survived(behaviour: Behaviour, world: World, concept_map: ConceptMap) -> Survived:
    concepts = behaviour.concepts.concepts
    read = [concept_map[c.reader, v] for c, v in zip(concepts, world, strict=True)]
    outputs = {}
    for output, literals in zip(behaviour.outputs, behaviour.labels, strict=True):
        holding = behaviour.holding(literals, world)
        values = [str(v) for v, x, y in zip(output.domain, literals, holding, strict=True) if x == y]
        if values:
            outputs[output.name] = (" and " if behaviour.certain else " or ").join(values)
    return Survived(
        {c.name: c.values[v] for c, v in zip(concepts, world, strict=True)},
        {c.name: c.values[v] for c, v in zip(concepts, read, strict=True)},
        outputs,
    )
