"""Tabled resolution: goal-directed, iterative, every call once.

Each call has one table. A frame that meets a call waits at its table and goes on once per answer,
whatever the number of proofs behind it, so the graph stays linear where proofs are exponential.
Frames run from a stack, depth first; nothing recurses, so depth is bounded by memory alone.

A negated goal waits until its table is complete, so that a goal known to hold or to fail prunes the
rest of the body. Where a table cannot be completed first (it depends on the waiting frame), the
frame goes on with the negation of the table's node, and the graph decides later.

Cost: time and memory O(frames), a frame being one partial instantiation of one body.
"""

from __future__ import annotations

from typing import final

from nesy.errors import Span
from nesy.grounding.choices import Choices
from nesy.grounding.rules import BuiltinCall, Predicate, Rule, UserCall
from nesy.grounding.tables import Chain, Frame, Table
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.grounding.unification import (
    Env,
    Unifier,
    canonical,
    fresh_number,
    instantiate,
    shifted,
)
from nesy.logic.graph import FALSE, TRUE, Graph, Lit


@final
class Resolution:
    """All tables of one grounding, and the graph their answers build."""

    def __init__(self, store: TermStore, graph: Graph) -> None:
        self.graph = graph
        self.tables: dict[tuple[Predicate, Args], Table] = {}
        self.choices = Choices(store, graph)
        self._store = store
        self._ready: list[Frame | tuple[Frame, Table]] = []
        """What runs next, last first: a frame, or one that met a negated goal and that goal's table."""
        self._delayed: list[tuple[Frame, Table]] = []

    def solve(self, predicate: Predicate, args: Args, span: Span | None = None) -> Table:
        """The finished table of a call. Answers' nodes are defined once `finish` has run."""
        table = self._table(predicate, canonical(self._store, args), span)
        self._run()
        return table

    def finish(self) -> None:
        """Give every answer's node its proofs. Nothing may be solved afterwards."""
        for table in self.tables.values():
            for args, node in table.answers.items():
                if node != TRUE:
                    self.graph.define(node, table.proofs[args])
            if table.any_answer is not None:
                self.graph.define(table.any_answer, table.answers.values())

    def _run(self) -> None:
        while True:
            while self._ready:
                task = self._ready.pop()
                if isinstance(task, Frame):
                    self._advance(task)
                else:
                    self._meet_negation(*task)
            if not self._delayed:
                return
            self._resume_delayed()

    def _advance(self, frame: Frame) -> None:
        """Run a frame until it ends, waits, or has been split into one frame per solution."""
        store, table, body = self._store, frame.table, frame.rule.body
        table.pending -= 1
        if frame.position == len(body):
            self._conclude(frame)
            return
        goal = body[frame.position]
        args = instantiate(store, goal.args, frame.env)
        if isinstance(goal, BuiltinCall):
            self._builtin(frame, goal, args)
        elif goal.positive:
            callee = self._call(frame, goal, args)
            for answer, literal in list(callee.answers.items()):
                self._resume(frame, args, answer, literal)
            if not callee.complete:
                callee.waiting.append((frame, args))
        else:
            self._negate(frame, goal, args)

    def _call(self, frame: Frame, goal: UserCall, args: Args) -> Table:
        callee = self._table(goal.predicate, canonical(self._store, args), goal.span)
        if not callee.complete:
            frame.table.callees[callee] = None
        return callee

    def _table(self, predicate: Predicate, args: Args, span: Span | None) -> Table:
        key = (predicate, args)
        table = self.tables.get(key)
        if table is None:
            table = self.tables[key] = Table(predicate, args, span=span)
            rules = predicate.candidates(self._store, args)
            # The stack runs what was pushed last first: reversed, so that rules run in order.
            for rule in reversed(rules):
                env = self._match(rule, args)
                if env is not None:
                    self._push(Frame(table, rule, 0, env, None))
        return table

    def _match(self, rule: Rule, args: Args) -> Env | None:
        """The environment in which a rule's head is an instance of a call, or None."""
        store = self._store
        env = list(rule.fresh_env)
        general = False
        for pattern, arg in zip(rule.head, args, strict=True):
            if pattern == arg and pattern >= 0 and store.ground[pattern]:
                continue
            if arg < 0 or not store.ground[arg]:
                general = True
            elif pattern < 0:
                if env[-1 - pattern] == pattern:
                    env[-1 - pattern] = arg
                elif env[-1 - pattern] != arg:
                    return None
            elif store.ground[pattern]:
                return None
            else:
                general = True
        if not general or self._distinct_variables(rule, args):
            return tuple(env)
        unifier = Unifier(store)
        renamed = shifted(store, args, rule.variables)
        return unifier.apply(rule.fresh_env) if unifier.unify_all(rule.head, renamed) else None

    def _distinct_variables(self, rule: Rule, args: Args) -> bool:
        """Whether a call's open arguments are distinct variables, which constrain nothing."""
        open_args = [a for a in args if not self._store.is_ground(a)]
        if any(a >= 0 for a in open_args) or len(set(open_args)) < len(open_args):
            return False
        return all(
            pattern < 0 or self._store.ground[pattern]
            for pattern, arg in zip(rule.head, args, strict=True)
            if arg >= 0
        )

    def _resume(self, frame: Frame, goal: Args, answer: Args, literal: Lit) -> None:
        """Push what becomes of a frame when its goal has an answer."""
        env = self._bound(frame.env, goal, answer)
        if env is not None:
            chain = frame.literals if literal == TRUE else (literal, frame.literals)
            self._push(Frame(frame.table, frame.rule, frame.position + 1, env, chain))

    def _bound(self, env: Env, goal: Args, answer: Args) -> Env | None:
        """An environment after a goal has met an answer, whose variables are its own."""
        bindings = self._ground_bindings(goal, answer)
        if bindings is not None:
            return self._with(env, bindings)
        renamed = shifted(self._store, answer, fresh_number(self._store, (*env, *goal)))
        unifier = Unifier(self._store)
        return unifier.apply(env) if unifier.unify_all(goal, renamed) else None

    def _shared(self, env: Env, goal: Args, solution: Args) -> Env | None:
        """As `_bound`, for a solution whose variables are the frame's own."""
        if goal is solution:
            return env
        bindings = self._ground_bindings(goal, solution)
        if bindings is not None:
            return self._with(env, bindings)
        unifier = Unifier(self._store)
        return unifier.apply(env) if unifier.unify_all(goal, solution) else None

    def _ground_bindings(self, goal: Args, answer: Args) -> dict[TermId, TermId] | None:
        """What a ground answer binds the goal's plain variables to; None where only unification can tell."""
        ground = self._store.ground
        bindings: dict[TermId, TermId] = {}
        for wanted, found in zip(goal, answer, strict=True):
            if wanted == found and wanted >= 0 and ground[wanted]:
                continue
            if wanted >= 0 or found < 0 or not ground[found] or bindings.get(wanted, found) != found:
                return None
            bindings[wanted] = found
        return bindings

    def _with(self, env: Env, bindings: dict[TermId, TermId]) -> Env:
        if not bindings:
            return env
        store = self._store
        return tuple(
            bindings.get(t, t)
            if t < 0
            else t
            if store.ground[t]
            else store.map_variables(t, lambda v: bindings.get(v, v))
            for t in env
        )

    def _builtin(self, frame: Frame, goal: BuiltinCall, args: Args) -> None:
        solutions = goal.run(self._store, args, goal.span)
        if not goal.positive:
            if not any(self._shared(frame.env, args, s) is not None for s in solutions):
                self._push(Frame(frame.table, frame.rule, frame.position + 1, frame.env, frame.literals))
            return
        for solution in reversed(list(solutions)):
            env = self._shared(frame.env, args, solution)
            if env is not None:
                self._push(Frame(frame.table, frame.rule, frame.position + 1, env, frame.literals))

    def _conclude(self, frame: Frame) -> None:
        for env, literal in self.choices.apply(frame.rule, frame.env):
            if literal is None:
                continue
            literals = [literal]
            chain = frame.literals
            while chain is not None:
                literals.append(chain[0])
                chain = chain[1]
            answer = canonical(self._store, instantiate(self._store, frame.rule.head, env))
            self._answer(frame.table, answer, self.graph.conjunction(literals))

    def _answer(self, table: Table, args: Args, proof: Lit) -> None:
        if proof == FALSE:
            return
        known = table.answers.get(args)
        if known is not None:
            if known != TRUE:
                table.proofs[args].append(proof)
            return
        node = TRUE if proof == TRUE else self.graph.declare()
        table.answers[args] = node
        table.proofs[args] = [proof]
        for frame, goal in table.waiting:
            self._resume(frame, goal, args, node)

    def _push(self, frame: Frame) -> None:
        frame.table.pending += 1
        self._ready.append(frame)

    def _negate(self, frame: Frame, goal: UserCall, args: Args) -> None:
        """Stop a frame until the table of its negated goal is complete; the table's frames run first."""
        key = (goal.predicate, canonical(self._store, args))
        known = self.tables.get(key)
        if known is not None and known.complete:
            self._proceed(frame, known)
            return
        frame.table.pending += 1
        if known is not None:
            frame.table.callees[known] = None
            self._meet_negation(frame, known)
            return
        below = len(self._ready)
        callee = self._call(frame, goal, args)
        self._ready.insert(below, (frame, callee))

    def _meet_negation(self, frame: Frame, table: Table) -> None:
        if self._completed(table):
            frame.table.pending -= 1
            self._proceed(frame, table)
        else:
            self._delayed.append((frame, table))

    def _proceed(self, frame: Frame, table: Table) -> None:
        """Go on past a negated goal, unless it holds in every world."""
        if TRUE in table.answers.values():
            return
        chain: Chain = frame.literals
        if table.answers or not table.complete:
            if table.any_answer is None:
                table.any_answer = self.graph.declare()
            chain = (Lit(-table.any_answer), chain)
        self._push(Frame(frame.table, frame.rule, frame.position + 1, frame.env, chain))

    def _completed(self, table: Table) -> bool:
        """Whether no further answer can come; marks all it depends on as complete.

        Cost: amortised O(tables and calls between them) for successes.
        """
        seen = {table: None}
        stack = [table]
        while stack:
            current = stack.pop()
            if current.pending:
                return False
            for callee in current.callees:
                if not callee.complete and callee not in seen:
                    seen[callee] = None
                    stack.append(callee)
        for done in seen:
            done.complete = True
            done.waiting.clear()
            done.callees.clear()
        return True

    def _resume_delayed(self) -> None:
        """No frame is ready: let those go on whose tables are complete, else force the newest."""
        waiting = self._delayed
        self._delayed = [(f, t) for f, t in waiting if not self._completed(t)]
        going = [(f, t) for f, t in waiting if t.complete] or [self._delayed.pop()]
        for frame, table in going:
            frame.table.pending -= 1
            self._proceed(frame, table)
