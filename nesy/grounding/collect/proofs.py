"""Predicates whose answers are proofs: what `findall/3` collects, one item for each, as Prolog does.

Tabling merges the proofs of an atom into one answer. A proof-carrying variant of a predicate has one
argument more, the number of the proof, so that each proof is an answer of its own; its rules call the
variants of what they call. Variants are made as calls need them, out of the predicate's own rules, and
share its symbols.

A proof that uses the very atom it proves is none, so that cycles have finitely many proofs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cmp_to_key, partial
from typing import NamedTuple, final

from nesy.errors import GroundingError, Span
from nesy.grounding.rules import Builtin, BuiltinCall, Instruction, MetaCall, Predicate, Rule, UserCall
from nesy.grounding.terms import Args, TermId, TermStore, variable
from nesy.grounding.unification import canonical

MOST_PROOFS = 2**18
"""How many proofs beyond the first, of all atoms together, may be told apart."""


_DETERMINATE = frozenset(
    {("=", 2), ("is", 2), *((name, 2) for name in ("<", ">", "=<", ">=", "=:=", "=\\=", "==", "\\==", "\\="))}
)
"""Built-ins of one solution at most: there is no order among their solutions."""


class _Proof(NamedTuple):
    """What a proof proves, by which of the predicate's rules, and how each of its goals was solved.

    steps: the numbers of the proofs it rests on (marked so), and which solution of a built-in it took.
    """

    predicate: Predicate
    atom: Args
    rule: int
    steps: tuple[tuple[bool, int], ...] = ()


@final
class Proofs:
    """The proof-carrying variants of a program's predicates, and all proofs found."""

    def __init__(self) -> None:
        self._variants: dict[Predicate, Predicate] = {}
        self._proofs: dict[int, _Proof] = {}
        self._proven: set[tuple[Predicate, Args]] = set()
        self._repeated = 0

    def variant(self, predicate: Predicate) -> Predicate:
        """The predicate with the number of the proof as its last argument."""
        found = self._variants.get(predicate)
        if found is None:
            found = Predicate(predicate.name, predicate.arity + 1, internal=True, missing=predicate.missing)
            found.sources.append(_Variants(self, predicate, found))
            self._variants[predicate] = found
        return found

    def in_order(self, numbers: Iterable[TermId]) -> list[TermId]:
        """The numbers of proofs of one predicate in the order in which Prolog finds them.

        Where nothing tells proofs apart they keep their order.
        """
        return sorted(numbers, key=cmp_to_key(self._compare))

    def add(self, store: TermStore, proof: _Proof) -> TermId:
        """A number for a new proof, whatever it rests on."""
        number = store.number(len(self._proofs))
        self._proofs[number] = proof
        return number

    def fact(self, store: TermStore, rule: Rule, position: int) -> TermId:
        """The number of the one proof that a rule without a body is."""
        self._proven.add((rule.predicate, rule.head))
        return self.add(store, _Proof(rule.predicate, rule.head, position))

    def number(self, store: TermStore, proof: _Proof, rule: Rule, span: Span | None) -> TermId | None:
        """The number of a new proof; None where the proof would use its own atom.

        Raises `GroundingError` (too-many-proofs). Cost: O(1) for the first proof of an atom, else the
        size of the proof.
        """
        key = (proof.predicate, proof.atom)
        if key in self._proven:
            if self._uses(proof):
                return None
            self._repeated += 1
            if self._repeated > MOST_PROOFS:
                raise _too_many(rule, span)
        self._proven.add(key)
        return self.add(store, proof)

    def _uses(self, proof: _Proof) -> bool:
        """Whether a proof rests on one of the same atom."""
        stack = [number for proven, number in proof.steps if proven]
        seen = set(stack)
        while stack:
            current = self._proofs[stack.pop()]
            if current.atom == proof.atom and current.predicate is proof.predicate:
                return True
            for proven, part in current.steps:
                if proven and part not in seen:
                    seen.add(part)
                    stack.append(part)
        return False

    def _compare(self, left: TermId, right: TermId) -> int:
        """Negative where Prolog finds the left proof first: by rule, then goal by goal."""
        stack: list[tuple[bool, int, int]] = [(True, left, right)]
        met: set[tuple[int, int]] = set()
        while stack:
            proven, a, b = stack.pop()
            if a == b or (a, b) in met:
                continue
            if not proven:
                return a - b
            met.add((a, b))
            first, second = self._proofs[a], self._proofs[b]
            if first.rule != second.rule:
                return first.rule - second.rule
            pairs = zip(first.steps, second.steps, strict=True)
            stack.extend([(kind, x, y) for (kind, x), (_, y) in pairs][::-1])
        return 0


@final
class _Variants:
    """The rules of a predicate's variant."""

    def __init__(self, proofs: Proofs, predicate: Predicate, variant: Predicate) -> None:
        self._proofs = proofs
        self._predicate = predicate
        self._variant = variant
        self._known: dict[Rule, Rule] = {}
        self._positions: dict[Rule, int] = {}

    def __len__(self) -> int:
        return len(self._predicate.rules)

    def matching(self, store: TermStore, args: Args) -> Iterable[Rule]:
        """The rules for a call of the variant, in order."""
        for rule in self._predicate.candidates(store, args[:-1]):
            found = self._known.get(rule)
            if found is None:
                found = self._known[rule] = self._carrying(store, rule)
            yield found

    def _position(self, rule: Rule) -> int:
        """Where a rule stands among those of its predicate; rules from sources stand behind."""
        if not self._positions:
            self._positions = {r: i for i, r in enumerate(self._predicate.rules)}
        return self._positions.setdefault(rule, len(self._positions))

    def _carrying(self, store: TermStore, rule: Rule) -> Rule:
        if not rule.body and all(store.is_ground(t) for t in rule.head):
            # The rule is one proof of one atom. Its variables stay as they are: they name its symbol.
            number = self._proofs.fact(store, rule, self._position(rule))
            return replace(rule, predicate=self._variant, head=(*rule.head, number))
        body: list[Instruction] = []
        kinds: list[bool] = []
        for goal in rule.body:
            step = variable(rule.variables + len(kinds))
            if isinstance(goal, UserCall) and goal.positive:
                predicate = self._proofs.variant(goal.predicate)
                body.append(replace(goal, predicate=predicate, args=(*goal.args, step)))
                kinds.append(True)
            elif isinstance(goal, BuiltinCall) and goal.positive and goal.key not in _DETERMINATE:
                body.append(replace(goal, run=partial(_counted, goal.run), args=(*goal.args, step)))
                kinds.append(False)
            elif isinstance(goal, MetaCall) and goal.positive:
                body.append(replace(goal, carry=self._carried, args=(*goal.args, step)))
                kinds.append(True)
            else:
                body.append(goal)
        if rule.choice is not None:
            body.append(_choice(rule))
        steps = tuple(variable(rule.variables + i) for i in range(len(kinds)))
        number = variable(rule.variables + len(kinds))
        body.append(self._numbering(rule, kinds, (*rule.head, *steps, number)))
        return Rule(
            self._variant,
            (*rule.head, number),
            rule.variables + len(kinds) + 1,
            tuple(body),
            None,
            rule.span,
        )

    def _carried(self, goal: UserCall | BuiltinCall, step: TermId) -> UserCall | BuiltinCall:
        """A goal known at last, with the number of its proof as last argument."""
        if isinstance(goal, UserCall):
            return replace(goal, predicate=self._proofs.variant(goal.predicate), args=(*goal.args, step))
        return replace(goal, run=partial(self._proven, goal.run), args=(*goal.args, step))

    def _proven(self, run: Builtin, store: TermStore, args: Args, span: Span | None) -> Iterator[Args]:
        """The solutions of a built-in, each with the number of a proof as one argument more."""
        for place, solution in enumerate(run(store, args[:-1], span)):
            yield (*solution, self._proofs.add(store, _Proof(self._predicate, solution, place)))

    def _numbering(self, rule: Rule, kinds: Sequence[bool], args: Args) -> BuiltinCall:
        """The goal that numbers a proof: of the head's terms and the steps below, its last argument."""
        arity = len(rule.head)
        position = self._position(rule)

        def run(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
            steps = tuple(_step(store, *step) for step in zip(kinds, args[arity:-1], strict=True))
            proof = _Proof(self._predicate, canonical(store, args[:arity]), position, steps)
            number = self._proofs.number(store, proof, rule, span)
            return [] if number is None else [(*args[:-1], number)]

        return BuiltinCall(("$proof", len(args)), run, args, True, rule.span)


def _step(store: TermStore, proven: bool, term: TermId) -> tuple[bool, int]:
    """A step as it is kept: a proof by its term, the place of a solution by its value."""
    return proven, term if proven else int(store.number_value(term) or 0)


def _counted(run: Builtin, store: TermStore, args: Args, span: Span | None) -> Iterator[Args]:
    """The solutions of a built-in, each with its place among them as one argument more."""
    for place, solution in enumerate(run(store, args[:-1], span)):
        yield (*solution, store.number(place))


def _choice(rule: Rule) -> UserCall:
    """A goal that makes a rule's choice: over the variables of the rule alone, for they name its symbol."""
    every = tuple(variable(i) for i in range(rule.variables))
    chosen = Predicate(rule.predicate.name, rule.variables, internal=True)
    chosen.rules.append(replace(rule, head=every, body=()))
    return UserCall(chosen, every, True, rule.span)


def _too_many(rule: Rule, span: Span | None) -> GroundingError:
    name = f"{rule.predicate.name}/{rule.predicate.arity}"
    what = "a goal that findall/3 collects" if rule.predicate.internal else name
    return GroundingError(
        "too-many-proofs",
        f"{what} has too many proofs: findall/3 collects one item for each",
        span=span,
        hint="collect each solution once, with all_or_none/3, or aggregate_all/3 for a count or a sum",
    )
