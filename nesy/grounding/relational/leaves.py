"""The leaves of the graph: the symbols of labels and of probabilistic facts.

What `Choices` makes one by one for tabled resolution is made here in blocks where a label's
probabilities are plain numbers, and by `Choices` itself elsewhere. Its scratch graph holds the nodes
that it makes, whose numbers begin after TRUE; the blocks come behind them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.grounding.choices import Choices, distribution
from nesy.grounding.relational.plan import Facts, Labels
from nesy.grounding.relational.values import Values
from nesy.grounding.relational.writer import Ints
from nesy.grounding.rules import Alternatives, AskNetwork, PickAlternative, Rule
from nesy.grounding.syntax_terms import atom_text
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.grounding.unification import Env, instantiate
from nesy.logic.graph import FALSE, TRUE, Graph, Kind
from nesy.logic.program import Symbol


@final
class Leaves:
    """Collects leaves, and ORs of the leaves of equal facts, before any other node has its number."""

    def __init__(self, store: TermStore, values: Values) -> None:
        self._store = store
        self._values = values
        self._scratch = Graph()
        self._choices = Choices(store, self._scratch)
        self._blocks: list[tuple[Labels, Alternatives, int, int]] = []
        self._literals: dict[Rule, Ints] = {}
        self._args: list[Ints] = []
        self._end = 0

    @property
    def symbols(self) -> list[Symbol]:
        """Every symbol so far."""
        return self._choices.symbols

    def of_rule(self, rule: Rule) -> Ints:
        """The literal of each row of the rule's labels."""
        return self._literals[rule]

    def of_facts(self, facts: Facts, places: Ints, used: NDArray[np.bool_] | None) -> Ints | None:
        """The literal of each row of a table of facts; rows that are not used stay FALSE."""
        if facts.sources is None:
            return None
        literals = np.full(0 if used is None else len(used), FALSE, np.int64)
        if used is None:
            return literals
        several: dict[int, list[int]] = defaultdict(list)
        for row in np.flatnonzero(used[places]).tolist():
            rule = facts.sources.rule(row)
            if rule is not None:
                found = (x for _, x in self._choices.apply(rule, ()) if x is not None)
                several[int(places[row])].extend(found)
        for place, leaves in several.items():
            literals[place] = self._scratch.disjunction(leaves)
        return literals

    def add_labels(self, labels: Labels, rows: Ints) -> None:
        """Make the leaves of a label's instances. Call after every `of_facts`, and `close` at the end."""
        variables = labels.rules[0].variables
        terms = self._values.tuples(rows[:, :variables])
        choice = labels.rules[0].choice
        if isinstance(choice, PickAlternative):
            numbers = [self._store.number_value(p) for p in choice.alternatives.probabilities]
            probabilities = [float(n) for n in numbers if n is not None and 0 < n < 1]
            if len(probabilities) == len(numbers):
                self._add_block(labels, choice.alternatives, probabilities, terms)
                return
        for rule in labels.rules:
            found = (
                self._network(rule, choice, terms)
                if isinstance(choice, AskNetwork)
                else self._each(rule, terms)
            )
            self._literals[rule] = np.fromiter(found, np.int64, len(terms))

    def _each(self, rule: Rule, terms: list[Env]) -> Iterator[int]:
        for env in terms:
            yield next((x for _, x in self._choices.apply(rule, env) if x is not None), FALSE)

    def _network(self, rule: Rule, ask: AskNetwork, terms: list[Env]) -> Iterator[int]:
        """As `_each`; a network is asked once for all values of its output."""
        output = -1 if ask.output is None else -1 - ask.output
        known: dict[Env, dict[TermId, int]] = {}
        for env in terms:
            if output < 0:
                yield from self._each(rule, [env])
                continue
            rest = (*env[:output], *env[output + 1 :])
            if rest not in known:
                assert ask.output is not None
                opened = (*env[:output], ask.output, *env[output + 1 :])
                known[rest] = {
                    found[output]: TRUE if x is None else x for found, x in self._choices.apply(rule, opened)
                }
            yield known[rest].get(env[output], FALSE)

    def _add_block(
        self, labels: Labels, alternatives: Alternatives, probabilities: list[float], terms: list[Env]
    ) -> None:
        first = len(self.symbols)
        names = [_Name(self._store, functor, args) for functor, args in alternatives.heads]
        for env in terms:
            self.symbols.append(distribution(alternatives, probabilities, tuple([n.of(env) for n in names])))
        self._blocks.append((labels, alternatives, first, len(terms)))

    def close(self) -> int:
        """Number the leaves of the blocks; returns one more than the last node."""
        if self._end:
            return self._end
        node = len(self._scratch)
        for labels, alternatives, first, count in self._blocks:
            heads = len(alternatives.heads)
            grid = np.arange(node, node + count * heads).reshape(count, heads)
            for rule in labels.rules:
                assert isinstance(rule.choice, PickAlternative)
                self._literals[rule] = grid[:, rule.choice.position]
            # A probabilistic fact's values are (false, true); a disjunction's are its heads.
            value = np.arange(heads) if heads > 1 else np.ones(1, np.int64)
            symbols = np.repeat(np.arange(first, first + count), heads)
            self._args.append(np.stack([symbols, np.tile(value, count)], axis=1).reshape(-1))
            node += count * heads
        self._end = node
        return node

    def arrays(self) -> tuple[NDArray[np.int8], Ints, Ints]:
        """The kinds, the number of args and the args of the nodes so far, as a `FlatGraph` has them."""
        args = self._scratch.args
        more = self._end - len(self._scratch)
        return (
            np.append(np.array(self._scratch.kinds, np.int8), np.full(more, Kind.LEAF, np.int8)),
            np.append(np.array([len(a) for a in args], np.int64), np.full(more, 2)),
            np.concatenate([np.array([x for a in args for x in a], np.int64), *self._args]),
        )


@final
class _Name:
    """The text of a head, instance by instance."""

    def __init__(self, store: TermStore, functor: str, args: Args) -> None:
        self._store = store
        self._functor = functor
        self._args = args
        self._flat = all(a < 0 or store.ground[a] for a in args)

    def of(self, env: Env) -> str:
        """The head's text where its variables stand for `env`."""
        if self._flat:
            args = tuple([env[-1 - a] if a < 0 else a for a in self._args])
        else:
            args = instantiate(self._store, self._args, env)
        return atom_text(self._store, self._functor, args)
