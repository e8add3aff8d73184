"""Explains the values of the outputs of one ground program, under any beliefs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, final

import numpy as np

from nesy.engines.explaining.asked import atoms_of, is_denial
from nesy.engines.explaining.best import best_proofs, part_of
from nesy.engines.explaining.derivations import Atom, Derivations
from nesy.engines.explaining.explanation import ProbabilityExplanation
from nesy.engines.explaining.influences import Figures, box_posteriors, figures, influences, logs
from nesy.engines.explaining.parts import Fact, Observation, ProbableProof
from nesy.engines.explaining.steps import Fails, Holds, ProofWriter, Said, Task
from nesy.engines.explaining.truth import Box, Evaluator, Truth
from nesy.engines.explaining.words import NOT, Words, value_text
from nesy.engines.tasks.forward import FloatArray
from nesy.engines.tasks.names import Names
from nesy.engines.tasks.questions import Questions
from nesy.grounding.recorded import Condition, Recorded
from nesy.grounding.template import Template
from nesy.logic.graph import Kind, Lit
from nesy.logic.parts import Part
from nesy.logic.program import GroundProgram, Symbol, Value

MOST_SHOWN = 20
"""How many observations and constraints a proof shows."""
MOST_LEFT_OUT = 8
"""Where there are no more observations and constraints than this, each is left out to see what it does."""
MOST_TRIED = 64
"""How many suppositions are tried to be done without."""


@final
class _Goal(NamedTuple):
    """What is to be shown: that one of some atoms holds, or that none does. text: what they are called."""

    atoms: list[Atom]
    holds: bool
    text: str


@final
class _Writing(NamedTuple):
    """What the proofs of one answer have to show."""

    conditions: list[Condition]
    goal: _Goal


@final
class Explainer:
    """A ground program, and how its atoms were derived.

    template: what was asked; None where the program's own queries were.
    Cost to make: O(instances of rules), and taking out cycles.
    """

    def __init__(self, recorded: Recorded, template: Template | None = None) -> None:
        self.program: GroundProgram = recorded.rules.acyclic()
        self._questions = Questions(self.program)
        self._recorded = recorded
        self._derivations = Derivations(recorded)
        self._words = Words(self._derivations)
        self._writer = ProofWriter(self._derivations, self._words)
        self._evaluator = Evaluator(recorded.rules.graph)
        self._atoms = atoms_of(recorded, template)
        self._names = list(Names(self.program).symbols)
        whole = {id(symbol): place for place, symbol in enumerate(recorded.rules.symbols)}
        self._symbols = recorded.rules.symbols
        self._places = [whole[id(symbol)] for symbol in self.program.symbols]
        self._numbers = {place: number for number, place in enumerate(self._places)}

    def explained(
        self, name: str, output: int, value: int, prior: FloatArray, proofs: int
    ) -> ProbabilityExplanation:
        """Why an output has a value, by its number, with the probability it has.

        name: what that is called. prior: (V,), probabilities of all symbols' values.
        proofs: how many to show. Raises `SemanticsError` (inconsistent-evidence).
        Cost: compiling, a search, and for each proof O(instances of rules).
        """
        found = figures(self._questions, output, value, prior)
        part = part_of(self.program, output)
        contrary = not found.possible
        goal = part.program.outputs[part.outputs.index(output)].literals[value]
        best = best_proofs(self.program, part, logs(prior), [Lit(-goal) if contrary else goal], proofs + 1)
        writing = _Writing(self._conditions(part), self._goal(output, value, contrary=contrary))
        boxes = best.boxes[:proofs]
        chances = box_posteriors(self.program, found, boxes)
        written = tuple(self._proof(b.values, p, found, writing) for b, p in zip(boxes, chances, strict=True))
        return ProbabilityExplanation(
            atom=name,
            probability=found.probability,
            given=tuple(dict.fromkeys(map(self._said, self._recorded.conditions))),
            proofs=written,
            contrary=contrary,
            exhaustive=len(best.boxes) <= proofs and not best.spent,
            optimal=best.optimal,
            influences=tuple(influences(self.program, found)),
            observations=self._observations(output, value, prior, writing.conditions),
        )

    def _observations(
        self, output: int, value: int, prior: FloatArray, conditions: list[Condition]
    ) -> tuple[Observation, ...]:
        """What the answer would be without each of some conditions; nothing where they are many."""
        if len(conditions) > MOST_LEFT_OUT:
            return ()
        found = []
        for condition in conditions:
            others = tuple(c.literal for c in conditions if c is not condition)
            program = replace(self._recorded.rules, condition=others).acyclic()
            places = {id(s): self._numbers.get(place) for place, s in enumerate(self._symbols)}
            rows = [self._row(places[id(s)], s, prior) for s in program.symbols]
            own = np.concatenate(rows) if rows else np.zeros(0)
            without = figures(Questions(program), output, value, own).probability
            found.append(Observation(self._said(condition), condition.span, without))
        return tuple(found)

    def _row(self, number: int | None, symbol: Symbol, prior: FloatArray) -> FloatArray:
        """The probabilities of a symbol's values; its own where this program does without it."""
        if number is not None:
            return prior[self.program.offsets[number] : self.program.offsets[number + 1]]
        size = len(symbol.values)
        return np.array(symbol.prior or [1 / size] * size)

    def _proof(self, box: Box, probability: float, found: Figures, writing: _Writing) -> ProbableProof:
        asked = {self._places[s]: v for s, v in box.items()}
        supposed = self._supposed(asked, found, writing)
        values = self._whole({**asked, **supposed}, found)
        truth = self._evaluator.truth(values)
        shown = [c for c in writing.conditions if truth.holds(c.literal)][:MOST_SHOWN]
        tasks = [self._task(writing.goal, truth), *(self._observed(c, truth) for c in shown)]
        steps = self._writer.written(tasks, values, truth, lambda place: self._prior(place, found))
        return ProbableProof(
            probability=probability,
            facts=tuple(self._fact(s, v, found) for s, v in sorted(asked.items())),
            supposed=tuple(self._fact(s, v, found) for s, v in sorted(supposed.items())),
            steps=steps.steps,
            roots=steps.roots,
            conditions_left_out=len(writing.conditions) - len(shown),
        )

    def _fact(self, place: int, allowed: frozenset[int], found: Figures) -> Fact:
        """What is asked of a symbol, by its place among those recorded."""
        symbol, number = self._symbols[place], self._numbers.get(place)
        values = sorted(allowed)
        if number is None:
            prior = posterior = sum(float(self._prior(place, found)[v]) for v in values)
            return Fact(value_text(symbol, values), prior, posterior, tuple(values), None)
        columns = [self.program.offsets[number] + v for v in values]
        prior, posterior = (min(1.0, float(p[columns].sum())) for p in (found.prior, found.posterior))
        return Fact(value_text(symbol, values, self._names[number]), prior, posterior, tuple(values), number)

    def _goal(self, output: int, value: int, *, contrary: bool) -> _Goal:
        """What is to be shown of an output: that one of some atoms holds, or that none of them does."""
        asked = self.program.outputs[output]
        denial = is_denial(asked, value)
        key = asked.name, "true" if denial else asked.domain[value]
        return _Goal(self._atoms.get(key, []), denial == contrary, called(asked.name, key[1]))

    def _conditions(self, part: Part) -> list[Condition]:
        """Those observations and constraints that have a symbol in common with a part of the program."""
        inside = {self._places[s] for s in part.symbols}
        return [c for c in self._recorded.conditions if self._first_symbol(c.literal) in inside]

    def _first_symbol(self, literal: int) -> int | None:
        """A symbol that a literal depends on; the parts of a program share none."""
        graph, known = self._recorded.graph, self._numbers
        leaves = (n for n in graph.reachable([literal]) if graph.kinds[n] == Kind.LEAF)
        return next((s for s in (graph.args[n][0] for n in leaves) if s in known), None)

    def _said(self, condition: Condition) -> str:
        if condition.is_constraint:
            if condition.span is not None:
                return " ".join(condition.span.text.split()).removesuffix(".")
            return f":- {self._words.inside(condition.predicate, condition.args)}"
        atom = self._words.atom(condition.predicate, condition.args)
        return atom if condition.holds else NOT + atom

    def _task(self, goal: _Goal, truth: Truth) -> Task:
        if goal.holds:
            return Holds(next(a for a in goal.atoms if self._holds(a, truth)))
        return Fails(tuple(goal.atoms), NOT + goal.text)

    def _observed(self, condition: Condition, truth: Truth) -> Task:
        atoms = self._derivations.found(condition.predicate, condition.args)
        said = self._said(condition)
        if condition.is_constraint:
            return Said("constraint", said, condition.span, Fails(atoms, ""))
        if condition.holds:
            shown = next(a for a in atoms if self._holds(a, truth))
            return Said("observation", said, condition.span, Holds(shown))
        return Said("observation", said, condition.span, Fails(atoms, said))

    def _holds(self, atom: Atom, truth: Truth) -> bool:
        return any(map(truth.holds, self._derivations.nodes.get(atom, ())))

    def _fails(self, atom: Atom, truth: Truth) -> bool:
        return any(map(truth.fails, self._derivations.nodes.get(atom, ())))

    def _is_shown(self, writing: _Writing, truth: Truth) -> bool:
        """Whether all that is to be shown can be read off what holds in a box."""
        goal = writing.goal
        shown = (
            any(self._holds(a, truth) for a in goal.atoms)
            if goal.holds
            else all(self._fails(a, truth) for a in goal.atoms)
        )
        return shown and all(truth.holds(c.literal) for c in writing.conditions)

    def _supposed(self, asked: Box, found: Figures, writing: _Writing) -> Box:
        """Values of further symbols with which the rules show what holds without them too.

        Mostly none: they are needed where a case holds, or its contrary, and each leads to the same.
        """

        def shows(further: Box) -> bool:
            box = self._whole({**asked, **further}, found)
            return self._is_shown(writing, self._evaluator.truth(box))

        if shows({}):
            return {}
        further = {s: self._likeliest(s, asked.get(s), found) for s in self._below(writing)}
        further = {s: v for s, v in further.items() if v != asked.get(s)}
        for symbol in list(further)[:MOST_TRIED]:
            fewer = {s: v for s, v in further.items() if s != symbol}
            if shows(fewer):
                further = fewer
        return further

    def _below(self, writing: _Writing) -> list[int]:
        """The symbols that what is to be shown depends on, as the rules have it."""
        graph = self._recorded.graph
        atoms = (node for atom in writing.goal.atoms for node in self._derivations.nodes[atom])
        nodes = graph.reachable([*atoms, *(c.literal for c in writing.conditions)])
        return sorted({graph.args[n][0] for n in nodes if graph.kinds[n] == Kind.LEAF})

    def _likeliest(self, place: int, allowed: frozenset[int] | None, found: Figures) -> frozenset[int]:
        prior = self._prior(place, found)
        among = range(len(prior)) if allowed is None else sorted(allowed)
        return frozenset((max(among, key=lambda v: float(prior[v])),))

    def _prior(self, place: int, found: Figures) -> Sequence[float]:
        """The probabilities of a symbol's values. Those no answer depends on need none of a network's."""
        number, symbol = self._numbers.get(place), self._symbols[place]
        if number is not None:
            own: list[float] = found.prior[
                self.program.offsets[number] : self.program.offsets[number + 1]
            ].tolist()
            return own
        return symbol.prior or [1 / len(symbol.values)] * len(symbol.values)

    def _whole(self, values: Box, found: Figures) -> dict[int, frozenset[int]]:
        """A box over all symbols recorded, where no value has probability 0."""
        box = {}
        for place in range(len(self._symbols)):
            possible = (v for v, p in enumerate(self._prior(place, found)) if p > 0.0)
            box[place] = values[place] if place in values else frozenset(possible)
        return box


def called(name: str, value: Value) -> str:
    """What an output's having a value is called: its atom, or `addition(a,b) = 11`. Cost: O(1)."""
    return name if value == "true" else f"{name} = {value}"
