"""A proof in the words of the rules: the steps from what is to be shown down to facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Union, final

from nesy.engines.explaining.choosing import chosen
from nesy.engines.explaining.derivations import Atom, Called, Collected, Derivations, Goal, Instance
from nesy.engines.explaining.truth import Box, Truth
from nesy.engines.explaining.words import NOT, Chances, Words, value_text
from nesy.errors import Span
from nesy.logic.graph import Kind

StepKind = Literal["rule", "fact", "choice", "negation", "observation", "constraint"]


@final
@dataclass(frozen=True, slots=True)
class Step:
    """One step of a proof.

    text: an instance of a rule, a fact, a choice, an atom that does not hold, or what was observed.
    span: where it is written; None where it is in no text.
    probability: of the choice that the step makes; None where it makes none.
    below: the numbers of the steps it rests on; a step may be below several.
    """

    kind: StepKind
    text: str
    span: Span | None = field(repr=False)
    probability: float | None
    below: tuple[int, ...]

    @property
    def place(self) -> str | None:
        """`file:line`, where it is written; None where it is in no text."""
        return None if self.span is None else f"{self.span.source.name}:{self.span.line}"


@final
class Written(NamedTuple):
    """The steps of a proof, and the numbers of those to begin with."""

    steps: tuple[Step, ...]
    roots: tuple[int, ...]


@final
@dataclass(frozen=True, slots=True)
class Holds:
    """That an atom holds is to be shown."""

    atom: Atom


@final
@dataclass(frozen=True, slots=True)
class Fails:
    """That none of some atoms holds is to be shown. text: how that is said."""

    atoms: tuple[Atom, ...]
    text: str


@final
@dataclass(frozen=True, slots=True)
class Takes:
    """That a symbol has one of some values."""

    symbol: int
    values: frozenset[int]
    span: Span | None


@final
@dataclass(frozen=True, slots=True)
class Said:
    """What was observed or forbidden, which is to be shown."""

    kind: Literal["observation", "constraint"]
    text: str
    span: Span | None
    task: Union[Holds, Fails]


Task = Union[Holds, Fails, Takes, Said]


@final
class ProofWriter:
    """Writes proofs of what holds in all worlds of a box."""

    def __init__(self, derivations: Derivations, words: Words) -> None:
        self._derivations = derivations
        self._words = words

    def written(self, tasks: Iterable[Task], box: Box, truth: Truth, chances: Chances) -> Written:
        """A proof of some tasks. box: of every symbol, by its place among the recorded ones; so `chances`.

        What is needed several times is one step. Cost: O(nodes and instances of rules); nothing recurses.
        """
        return _Writing(self._derivations, self._words, box, truth, chances).run(tasks)


@final
class _Writing:
    def __init__(
        self, derivations: Derivations, words: Words, box: Box, truth: Truth, chances: Chances
    ) -> None:
        self._derivations = derivations
        self._words = words
        self._box = box
        self._truth = truth
        self._chances = chances
        self._chosen: Mapping[Atom, Instance] = chosen(derivations, truth)
        self._graph = derivations.recorded.graph
        self._symbols = derivations.recorded.rules.symbols

    def run(self, tasks: Iterable[Task]) -> Written:
        steps: list[tuple[Step, list[int]]] = []
        numbers: dict[Task, int] = {}
        roots: list[int] = []
        work: list[tuple[Task, list[int]]] = [(task, roots) for task in tasks][::-1]
        while work:
            task, above = work.pop()
            if task not in numbers:
                numbers[task] = len(steps)
                step, further = self._step(task)
                steps.append((step, []))
                work.extend((t, steps[-1][1]) for t in reversed(further))
            if numbers[task] not in above:
                above.append(numbers[task])
        made = (Step(s.kind, s.text, s.span, s.probability, tuple(below)) for s, below in steps)
        return Written(tuple(made), tuple(roots))

    def _step(self, task: Task) -> tuple[Step, list[Task]]:
        """A step, and what it rests on."""
        if isinstance(task, Said):
            step = Step(task.kind, task.text, task.span, None, ())
            # That something does not hold is said already: what follows is why.
            if isinstance(task.task, Fails):
                return step, list(self._reasons(task.task.atoms))
            return step, [task.task]
        if isinstance(task, Takes):
            return self._taken(task), []
        if isinstance(task, Fails):
            return self._failing(task)
        instance = self._chosen[task.atom]
        texts, below = self._body(instance)
        kind: StepKind = "rule" if texts else "choice" if self._words.choice(instance) else "fact"
        text = self._words.clause(instance, texts, self._chances)
        span = instance.rule.span
        return Step(kind, text, span, self._words.probability(instance, self._chances), ()), below

    def _failing(self, task: Fails) -> tuple[Step, list[Task]]:
        reasons = list(self._reasons(task.atoms))
        if len(reasons) == 1 and isinstance(reasons[0], Takes):
            taken = self._taken(reasons[0])
            if taken.text == task.text:
                # One step says both.
                return taken, []
        return Step("negation", task.text, None, None, ()), reasons

    def _taken(self, task: Takes) -> Step:
        symbol = self._symbols[task.symbol]
        text = value_text(symbol, sorted(task.values))
        chances = self._chances(task.symbol)
        return Step("choice", text, task.span or symbol.span, sum(float(chances[v]) for v in task.values), ())

    def _body(self, instance: Instance) -> tuple[list[str], list[Task]]:
        """The goals of a rule: their texts, and what is to be shown. Parts without a name are opened."""
        texts: list[str] = []
        tasks: list[Task] = []
        work = self._derivations.goals(instance)[::-1]
        while work:
            goal = work.pop()
            inner = self._part(goal)
            if inner is not None:
                if self._words.choice(inner) is not None:
                    tasks.append(self._taking(inner.label, inner.rule.span))
                work.extend(reversed(self._derivations.goals(inner)))
                continue
            texts.append(self._words.goal(goal))
            tasks.extend(self._tasks(goal))
        return texts, tasks

    def _part(self, goal: Goal) -> Instance | None:
        """The instance that a goal comes to which stands for a part of a body."""
        if not isinstance(goal, Called) or not goal.positive or not goal.predicate.internal:
            return None
        return next(self._chosen[a] for a in goal.atoms if a in self._chosen)

    def _tasks(self, goal: Goal) -> Iterator[Task]:
        if isinstance(goal, Called) and goal.positive:
            yield Holds(next(a for a in goal.atoms if a in self._chosen))
        elif isinstance(goal, Called):
            yield Fails(goal.atoms, self._words.goal(goal))
        elif isinstance(goal, Collected):
            for atom in goal.atoms:
                if atom in self._chosen:
                    yield from self._body(self._chosen[atom])[1]
                elif self._fails(atom):
                    yield from self._reasons((atom,))

    def _reasons(self, atoms: Iterable[Atom]) -> Iterator[Task]:
        """Why atoms do not hold: for each instance that would make one hold, a goal of it that fails."""
        given: dict[Task, None] = {}
        work = list(atoms)[::-1]
        opened = set(work)
        while work:
            atom = work.pop()
            for instance in self._derivations.instances.get(atom, ()):
                reason, inner = self._reason(instance)
                given.update(dict.fromkeys(reason))
                work.extend(a for a in inner if a not in opened)
                opened.update(inner)
        yield from given

    def _reason(self, instance: Instance) -> tuple[list[Task], tuple[Atom, ...]]:
        """Why an instance does not apply: tasks, and atoms without a name that fail."""
        graph = self._graph
        label = instance.label
        if graph.kinds[label] == Kind.LEAF and self._truth.fails(label):
            return [self._taking(label, instance.rule.span)], ()
        for goal in self._derivations.goals(instance):
            if not isinstance(goal, Called):
                continue
            if not goal.positive:
                for atom in goal.atoms:
                    if atom in self._chosen:
                        return self._shown(atom), ()
            elif all(map(self._fails, goal.atoms)):
                if goal.predicate.internal:
                    return [], goal.atoms
                return [Fails(goal.atoms, NOT + self._words.atom(goal.predicate, goal.args))], ()
        return [self._taking(leaf, None) for leaf in self._leaves(instance)], ()

    def _shown(self, atom: Atom) -> list[Task]:
        """What shows that an atom holds; of one without a name, what its body asks."""
        return self._body(self._chosen[atom])[1] if atom[0].internal else [Holds(atom)]

    def _fails(self, atom: Atom) -> bool:
        return any(map(self._truth.fails, self._derivations.nodes[atom]))

    def _taking(self, leaf: int, span: Span | None) -> Takes:
        symbol = self._graph.args[abs(leaf)][0]
        return Takes(symbol, self._box[symbol], span)

    def _leaves(self, instance: Instance) -> Iterator[int]:
        """The restricted symbols that an instance's failing depends on, where no single goal tells why."""
        graph = self._graph
        failing = [x for x in instance.literals if self._truth.fails(x)]
        seen: set[int] = set()
        for node in graph.reachable(failing[:1]):
            if graph.kinds[node] == Kind.LEAF and graph.args[node][0] in self._box:
                symbol = graph.args[node][0]
                if symbol not in seen:
                    seen.add(symbol)
                    yield node
