"""One rule, for one call pattern: a chain of operators from the demand to the answers."""

from __future__ import annotations

from typing import final

from nesy.grounding.relational import layout
from nesy.grounding.relational.catalogue import Catalogue
from nesy.grounding.relational.draft import Operator, Relation
from nesy.grounding.relational.expressions import builtin, expression
from nesy.grounding.relational.fragment import OutsideFragmentError
from nesy.grounding.relational.plan import Answers, Denial, Facts, Planned, Record
from nesy.grounding.relational.registers import Registers
from nesy.grounding.rules import AskNetwork, BuiltinCall, Instruction, Rule, UserCall
from nesy.grounding.terms import Args, TermId, variable


@final
class RulePlanner:
    """Plans one rule. Rows between goals hold what later goals, the head or the rule's label still need."""

    def __init__(self, catalogue: Catalogue, answers: Answers) -> None:
        self._catalogue = catalogue
        self._store = catalogue.store
        self._draft = catalogue.draft
        self._answers = answers
        self._registers = self._at(answers.demand)
        self._met: dict[Operator, Instruction] = {}

    def copy_facts(self, facts: Facts) -> None:
        """The rule that a predicate's ground facts are answers to its calls."""
        arity = self._answers.predicate.arity
        head = tuple(variable(i) for i in range(arity))
        rule = Rule(self._answers.predicate, head, arity, (), None, None)
        self._match_demand(rule)
        self._join_facts(facts, head)
        self._conclude(rule)

    def plan(self, rule: Rule) -> None:
        """Raises `OutsideFragmentError`."""
        if not all(isinstance(goal, (UserCall, BuiltinCall)) for goal in rule.body):
            raise OutsideFragmentError("a control construct")
        if any(isinstance(goal, UserCall) and goal.predicate.missing is not None for goal in rule.body):
            raise OutsideFragmentError("a predicate that no clause defines")
        self._match_demand(rule)
        for position, goal in enumerate(rule.body):
            needed = self._needed(rule, position)
            match goal:
                case UserCall(positive=True):
                    self._call(goal, needed)
                case UserCall():
                    self._deny(goal, needed)
                case BuiltinCall(key=("between", 3), positive=True):
                    self._between(goal, needed)
                case BuiltinCall():
                    builtin(goal, self._registers, self._store)
            if self._registers.met:
                self._met.setdefault(self._registers.operator, goal)
        if isinstance(rule.choice, AskNetwork):
            self._domain(rule.choice, self._needed(rule, len(rule.body)))
        self._conclude(rule)

    def _at(self, relation: Relation) -> Registers:
        return Registers(self._store, self._catalogue.values, relation)

    def _match_demand(self, rule: Rule) -> None:
        """Meet the arguments that the call binds with the head's."""
        registers, column = self._registers, 0
        for pattern, bound in zip(rule.head, self._answers.bound, strict=True):
            if not bound:
                continue
            if pattern < 0 and not registers.bound(pattern):
                registers.bind(pattern, column)
            else:
                registers.check(layout.SAME, registers.of(pattern), column)
            column += 1

    def _needed(self, rule: Rule, position: int) -> set[TermId]:
        """The variables that the rest of the rule, from a goal on, mentions."""
        terms = [*rule.head, *(a for goal in rule.body[position:] for a in goal.args)]
        if rule.choice is not None:
            terms += map(variable, range(rule.variables))
        return set(self._store.variables(terms))

    def _call(self, goal: UserCall, needed: set[TermId]) -> None:
        if self._catalogue.is_facts(goal.predicate):
            facts = self._catalogue.facts_of(goal.predicate)
            if facts is None:
                self._registers.fail()
                self._bind_all(goal.args)
                return
            if self._registers.met:
                self._store_rows(needed, ())
            self._join_facts(facts, goal.args)
        else:
            self._join_answers(goal, needed)

    def _bind_all(self, args: Args) -> None:
        """After a goal that never holds: what it would have bound must still have a place."""
        for arg in args:
            if arg < 0 and not self._registers.bound(arg):
                self._registers.bind(arg, self._registers.constant(0))

    def _join_facts(self, facts: Facts, args: Args) -> None:
        registers = self._registers
        columns = tuple(i for i, a in enumerate(args) if registers.bound(a))
        registers.operator.keys = [registers.of(args[i]) for i in columns]
        registers.operator.right_columns = columns
        base = registers.meet(layout.JOIN, facts.relation, facts.relation.stride)
        self._bind_columns(args, columns, base)

    def _bind_columns(self, args: Args, columns: tuple[int, ...], base: int) -> None:
        """Give the free arguments of a goal the registers of the right row, which begin at `base`."""
        for i, arg in enumerate(args):
            if i in columns:
                continue
            if arg >= 0:
                raise OutsideFragmentError("a compound term with variables")
            if self._registers.bound(arg):
                self._registers.check(layout.SAME, self._registers.of(arg), base + i)
            else:
                self._registers.bind(arg, base + i)

    def _join_answers(self, goal: UserCall, needed: set[TermId]) -> None:
        args = goal.args
        bound = tuple(self._registers.bound(a) for a in args)
        answers = self._catalogue.reading(goal.predicate, bound)
        places = self._stored(args, bound, needed)
        self._demand(answers, places)
        registers = self._registers
        columns = tuple(i for i, b in enumerate(bound) if b)
        operator = registers.operator
        operator.right_columns = columns
        operator.left_columns = tuple(places[i] for i in columns)
        operator.keys = list(operator.left_columns)
        base = registers.meet(layout.JOIN, answers.relation, answers.relation.stride)
        self._bind_columns(args, columns, base)

    def _stored(self, args: Args, bound: tuple[bool, ...], needed: set[TermId]) -> dict[int, int]:
        """Bring the rows so far into a relation that holds the bound arguments; the column of each."""
        registers = self._registers
        plain = registers.untouched and all(a < 0 for a, b in zip(args, bound, strict=True) if b)
        extra: tuple[TermId, ...] = ()
        if not plain:
            extra = tuple(dict.fromkeys(a for a, b in zip(args, bound, strict=True) if b and a >= 0))
            columns = self._store_rows(needed, extra)
        else:
            columns = {}
        return {
            i: columns[a] if a in columns else self._registers.of(a)
            for i, (a, b) in enumerate(zip(args, bound, strict=True))
            if b
        }

    def _store_rows(self, needed: set[TermId], constants: tuple[TermId, ...]) -> dict[TermId, int]:
        """End the operator with a relation of its own and begin the next one there; where constants lie."""
        registers = self._registers
        held = sorted((v for v in needed if registers.bound(v)), reverse=True)
        sources = [registers.of(t) for t in (*held, *constants)]
        relation = self._draft.relation(len(sources), derived=True)
        self._finish(relation, sources)
        self._catalogue.provenance.producers[relation] = registers.operator
        self._registers = self._at(relation)
        for column, name in enumerate(held):
            self._registers.bind(name, column)
        return {t: len(held) + i for i, t in enumerate(constants)}

    def _finish(self, target: Relation, values: list[int]) -> None:
        operator = self._registers.operator
        operator.target, operator.values = target, values
        self._draft.add(operator)

    def _demand(self, answers: Answers, places: dict[int, int]) -> None:
        """Every row so far asks for the answers to its call."""
        asking = self._at(self._registers.operator.left)
        columns = [places[i] for i, b in enumerate(answers.bound) if b]
        values = columns or [asking.constant(0)]
        asking.operator.target, asking.operator.values = answers.demand, values
        self._draft.add(asking.operator)

    def _deny(self, goal: UserCall, needed: set[TermId]) -> None:
        if not all(self._registers.bound(a) for a in goal.args):
            raise OutsideFragmentError("a negated goal with free variables")
        if self._catalogue.is_facts(goal.predicate):
            self._deny_facts(goal, needed)
            return
        bound = (True,) * len(goal.args)
        answers = self._catalogue.reading(goal.predicate, bound)
        constants = tuple(dict.fromkeys(a for a in goal.args if a >= 0))
        held = self._store_rows(needed, constants)
        places = {i: held[a] if a >= 0 else self._registers.of(a) for i, a in enumerate(goal.args)}
        self._demand(answers, places)
        denial = Denial(answers, tuple(places[i] for i in range(len(goal.args))))
        self._catalogue.provenance.denials[self._registers.operator.left] = denial

    def _deny_facts(self, goal: UserCall, needed: set[TermId]) -> None:
        # A certain fact ends the row at once, as it does in resolution; others become literals.
        sure = self._catalogue.sure_facts_of(goal.predicate)
        facts = self._catalogue.facts_of(goal.predicate)
        for given, kind in ((sure, layout.MISSING), (facts, layout.ABSENT)):
            if given is None:
                continue
            if self._registers.met:
                self._store_rows(needed, ())
            registers = self._registers
            # A proposition's row is the one value 0.
            registers.operator.keys = [registers.of(a) for a in goal.args] or [registers.constant(0)]
            registers.operator.right_columns = tuple(range(len(registers.operator.keys)))
            registers.meet(layout.MISSING if given.certain else kind, given.relation, 0)

    def _between(self, goal: BuiltinCall, needed: set[TermId]) -> None:
        low, high, found = goal.args
        if self._registers.bound(found):
            bounds = [expression(t, self._registers, self._store) for t in (low, high)]
            place = self._registers.of(found)
            self._registers.check(layout.AT_MOST, bounds[0], place)
            self._registers.check(layout.AT_MOST, place, bounds[1])
            return
        if found >= 0:
            raise OutsideFragmentError("between/3 with a compound term")
        if self._registers.met:
            self._store_rows(needed, ())
        registers = self._registers
        registers.operator.keys = [expression(t, registers, self._store) for t in (low, high)]
        registers.bind(found, registers.meet(layout.RANGE, None, 1))

    def _domain(self, ask: AskNetwork, needed: set[TermId]) -> None:
        """The values of a network's output, where the call leaves it open."""
        if ask.output is None or self._registers.bound(ask.output):
            return
        if ask.domain is None:
            raise OutsideFragmentError("a network's tensor as a term")
        if self._registers.met:
            self._store_rows(needed, ())
        self._join_facts(self._catalogue.domain(ask.domain), (ask.output,))

    def _conclude(self, rule: Rule) -> None:
        answers, registers = self._answers, self._registers
        values = [registers.of(a) for a in rule.head] or [registers.constant(0)]
        if not answers.certain:
            labels = self._catalogue.labels(rule)
            record = self._draft.relation(0 if labels is None else 1, derived=True, record=True)
            operator = registers.operator
            if labels is not None:
                kept = [registers.of(variable(i)) for i in range(rule.variables)]
                operator.label, operator.kept = labels.relation, kept or [registers.constant(0)]
            operator.record = record
            answers.records.append(Record(rule, operator, record, labels))
        answers.rules.append(Planned(rule, registers.operator, self._met))
        self._finish(answers.relation, values)
