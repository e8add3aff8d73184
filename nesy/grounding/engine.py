"""Tabled resolution: goal-directed, iterative, every call once.

Each call has one table. A frame that meets a call waits at its table and goes on once per answer,
whatever the number of proofs behind it, so the graph stays linear where proofs are exponential.
Frames run from a stack, depth first; nothing recurses, so depth is bounded by memory alone. A frame
runs on in place as long as each of its goals has one solution.

A negated goal waits until its table is complete, so that a goal known to hold or to fail prunes the
rest of the body. Where a table cannot be completed first (it depends on the waiting frame), the
frame goes on with the negation of the table's node, and the graph decides later.

Cost: time and memory O(frames), a frame being one partial instantiation of one body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Union, final

from nesy.errors import GroundingError, Span
from nesy.grounding import environments
from nesy.grounding.choices import Choices
from nesy.grounding.delays import Delays
from nesy.grounding.environments import Slots, is_ground, is_plain, open_slots, renumbered, same_where_bound
from nesy.grounding.meter import Watch
from nesy.grounding.plans import Plan
from nesy.grounding.rules import BuiltinCall, Collect, MetaCall, Predicate, Rule, UserCall
from nesy.grounding.tables import Frame, Table, Waiting, complete
from nesy.grounding.terms import Args, TermStore
from nesy.grounding.unification import canonical, instantiate
from nesy.logic.graph import FALSE, TRUE, Graph, Lit
from nesy.logic.program import Symbol

MANY_SOLUTIONS = 1_024
"""A watch is told each time that a built-in or the facts of a predicate have given so many more."""

Resolve = Callable[[MetaCall, Args], Union[UserCall, BuiltinCall]]


@final
class Resolution:
    """All tables of one grounding, and the graph their answers build.

    resolve: says which predicate a goal calls that is known only when it is reached.
    symbols: where new symbols go; a list of their own by default.
    watch: is told of every frame. Where it stops the run, `solve` may be called again to go on.
    """

    def __init__(
        self,
        store: TermStore,
        graph: Graph,
        resolve: Resolve,
        symbols: list[Symbol] | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.graph = graph
        self.tables: dict[tuple[Predicate, Args], Table] = {}
        self.choices = Choices(store, graph, symbols)
        self._store = store
        self._resolve = resolve
        self._watch = watch
        self._plans: dict[Rule, Plan] = {}
        self._ready: list[Frame | tuple[Frame, Table]] = []
        """What runs next, last first: a frame, or one that met a negated goal and that goal's table."""
        self._delays = Delays(graph)

    def size(self) -> str:
        """How far it is, in words: the calls met so far, and the nodes that their answers have made."""
        return f"{len(self.tables):,} calls, {len(self.graph):,} nodes"

    def solve(self, predicate: Predicate, args: Args, span: Span | None = None) -> Table:
        """The finished table of a call. Answers' nodes are defined once `finish` has run."""
        table, _ = self._table(predicate, args, open_slots(self._store, args), span)
        self._run()
        return table

    def finish(self) -> None:
        """Give every answer's node its proofs. Nothing may be solved afterwards."""
        for table in self.tables.values():
            table.define(self.graph)
            if table.any_answer is not None:
                self.graph.define(table.any_answer, table.answers.values())

    def _run(self) -> None:
        ready = self._ready
        while True:
            while ready:
                task = ready.pop()
                if isinstance(task, Frame):
                    self._advance(task)
                else:
                    self._meet_awaited(*task)
            if not self._delays:
                return
            for delayed, table in self._delays.take():
                delayed.table.pending -= 1
                self._proceed(delayed, table)

    def _advance(self, frame: Frame) -> None:
        """Run a frame until it ends, waits, or has been split into one frame per solution."""
        watch, ready = self._watch, self._ready
        current: Frame | None = frame
        while current is not None:
            if watch is not None:
                # Where the watch stops the run, the frame must be found among those to run.
                ready.append(current)
                watch.frame(current)
                ready.pop()
            current.table.pending -= 1
            current = self._step(current)
            if current is not None:
                current.table.pending += 1

    def _step(self, frame: Frame) -> Frame | None:
        """Run the next goal of a frame; returns what goes on at once, if anything does."""
        plan, position = frame.plan, frame.position
        if position == plan.length:
            self._conclude(frame)
            return None
        instruction, build, shortcut = plan.steps[position]
        if shortcut is not None and frame.plain:
            found = shortcut(frame.env)
            if found is not None:
                return None if found is False else frame.advanced(found)
        args = build(frame.env)
        if isinstance(instruction, MetaCall):
            instruction = self._resolve(instruction, args)
            args = instruction.args
        if isinstance(instruction, BuiltinCall):
            return self._builtin(frame, instruction, args)
        if isinstance(instruction, UserCall) and instruction.positive:
            return self._call(frame, instruction, args)
        self._await(frame, instruction, args)
        return None

    def _call(self, frame: Frame, goal: UserCall, args: Args) -> Frame | None:
        slots = open_slots(self._store, args)
        callee, _ = self._table(goal.predicate, args, slots, goal.span)
        waiting = Waiting(frame, args, slots if frame.plain else None)
        if not callee.complete:
            frame.table.callees[callee] = None
            callee.waiting.append(waiting)
        elif len(callee.answers) == 1:
            ((answer, literal),) = callee.answers.items()
            return self._resumed(waiting, answer, literal)
        # The stack runs what was pushed last first: reversed, so that answers are taken in order.
        for answer, literal in reversed(callee.answers.items()):
            self._resume(waiting, answer, literal)
        return None

    def _table(
        self, predicate: Predicate, args: Args, slots: Slots | None, span: Span | None
    ) -> tuple[Table, bool]:
        """The table of a call, and whether it is new. slots: those of the arguments."""
        if slots is None:
            args = canonical(self._store, args)
        elif slots:
            args = renumbered(args, slots)
        key = (predicate, args)
        table = self.tables.get(key)
        if table is not None:
            return table, False
        if predicate.missing is not None:
            raise predicate.missing
        table = self.tables[key] = Table(predicate, args, span)
        self._enter(table, slots)
        return table, True

    def _enter(self, table: Table, slots: Slots | None) -> None:
        """Begin a new table: facts answer at once up to the first rule, whatever follows runs in order."""
        rules = iter(table.predicate.candidates(self._store, table.args))
        frames: list[Frame] = []
        for rule in self._facts(table, rules) if slots is not None else rules:
            plan = self._plan(rule)
            env = environments.matched(self._store, plan, table.args, slots)
            if env is not None:
                plain = slots is not None or is_plain(self._store, env, plan.variables)
                frames.append(Frame(table, plan, 0, env, None, plain))
        if not frames:
            complete(table, self.graph)
        # The stack runs what was pushed last first: reversed, so that rules run in order.
        for frame in reversed(frames):
            self._push(frame)

    def _facts(self, table: Table, rules: Iterator[Rule]) -> Iterator[Rule]:
        """Answer a call without repeated variables by the facts before the first rule; what is left."""
        count = 0
        fact = None
        for rule in rules:
            if rule.body or rule.variables:
                rules = chain((rule,), rules)
                break
            if not same_where_bound(rule.head, table.args):
                continue
            for _, literal in self.choices.apply(rule, ()):
                if literal is not None:
                    self._answer(table, rule.head, literal)
            count, fact = count + 1, rule
            if count == MANY_SOLUTIONS and self._watch is not None:
                self._watch.facts(rule, count)
                count = 0
        if fact is not None and count and self._watch is not None:
            self._watch.facts(fact, count)
        return rules

    def _plan(self, rule: Rule) -> Plan:
        plan = self._plans.get(rule)
        if plan is None:
            plan = self._plans[rule] = Plan(self._store, rule)
        return plan

    def _resume(self, waiting: Waiting, answer: Args, literal: Lit) -> None:
        """Push what becomes of a frame when its goal has an answer."""
        frame = self._resumed(waiting, answer, literal)
        if frame is not None:
            self._push(frame)

    def _resumed(self, waiting: Waiting, answer: Args, literal: Lit) -> Frame | None:
        """What becomes of a frame when its goal has an answer."""
        frame, slots = waiting.frame, waiting.slots
        literals = frame.literals if literal == TRUE else (literal, frame.literals)
        if slots is not None and is_ground(self._store, answer):
            env = environments.written(frame.env, slots, answer)
            return Frame(frame.table, frame.plan, frame.position + 1, env, literals, True)
        found = environments.answered(self._store, frame.env, waiting.args, answer)
        if found is None:
            return None
        plain = is_plain(self._store, found, frame.plan.variables)
        return Frame(frame.table, frame.plan, frame.position + 1, found, literals, plain)

    def _builtin(self, frame: Frame, goal: BuiltinCall, args: Args) -> Frame | None:
        solutions = goal.run(self._store, args, goal.span)
        if type(solutions) is tuple and len(solutions) == 1 and solutions[0] is args:
            return frame.advanced(frame.env) if goal.positive else None
        if not goal.positive:
            holds = any(environments.solved(self._store, frame.env, args, s) is not None for s in solutions)
            return None if holds else frame.advanced(frame.env)
        listed = self._listed(frame, solutions)
        found = [f for s in listed if (f := self._solved(frame, args, s)) is not None]
        if not found:
            return None
        for other in reversed(found[1:]):
            self._push(other)
        return found[0]

    def _listed(self, frame: Frame, solutions: Iterable[Args]) -> Iterable[Args]:
        """All solutions of a built-in, of which there may be no end."""
        if self._watch is None or isinstance(solutions, (tuple, list)):
            return solutions
        found = []
        for solution in solutions:
            found.append(solution)
            if len(found) % MANY_SOLUTIONS == 0:
                self._watch.solutions(frame, len(found))
        return found

    def _solved(self, frame: Frame, args: Args, solution: Args) -> Frame | None:
        """What becomes of a frame with a solution of a built-in."""
        store, env, plain = self._store, frame.env, frame.plain
        if solution is not args:
            slots = open_slots(store, args) if plain else None
            if slots is not None and is_ground(store, solution):
                if not same_where_bound(solution, args):
                    return None
                env = environments.written(env, slots, solution)
            else:
                found = environments.solved(store, env, args, solution)
                if found is None:
                    return None
                env, plain = found, is_plain(store, found, frame.plan.variables)
        return Frame(frame.table, frame.plan, frame.position + 1, env, frame.literals, plain)

    def _conclude(self, frame: Frame) -> None:
        plan = frame.plan
        if plan.rule.choice is None:
            self._derive(frame, plan.build_head(frame.env), frame.gathered())
            return
        for env, literal in self.choices.apply(plan.rule, tuple(frame.env[: plan.variables])):
            if literal is not None:
                head = plan.build_head([*env, *plan.ground_terms])
                self._derive(frame, head, [literal, *frame.gathered()])

    def _derive(self, frame: Frame, head: Args, literals: list[Lit]) -> None:
        if not is_ground(self._store, head):
            head = canonical(self._store, head)
        proof = literals[0] if len(literals) == 1 else self.graph.conjunction(literals)
        self._answer(frame.table, head, proof)

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
        for waiting in reversed(table.waiting):
            self._resume(waiting, args, node)

    def _push(self, frame: Frame) -> None:
        frame.table.pending += 1
        self._ready.append(frame)

    def _await(self, frame: Frame, goal: UserCall | Collect, args: Args) -> None:
        """Stop a frame until the table of its goal is complete; the table's frames run first."""
        below = len(self._ready)
        callee, new = self._table(goal.predicate, args, open_slots(self._store, args), goal.span)
        if callee.complete:
            self._proceed(frame, callee)
            return
        frame.table.pending += 1
        frame.table.callees[callee] = None
        if new:
            self._ready.insert(below, (frame, callee))
        else:
            self._meet_awaited(frame, callee)

    def _meet_awaited(self, frame: Frame, table: Table) -> None:
        if self._delays.completed(table):
            frame.table.pending -= 1
            self._proceed(frame, table)
        else:
            self._delays.add(frame, table)

    def _proceed(self, frame: Frame, table: Table) -> None:
        """Go on past a goal that was waited for: once per result, or unless it holds in every world."""
        goal = frame.plan.steps[frame.position].instruction
        if isinstance(goal, Collect):
            self._collect(frame, goal, table)
            return
        if TRUE in table.answers.values():
            return
        if table.answers or not table.complete:
            if table.any_answer is None:
                table.any_answer = self.graph.declare()
                if table.complete:
                    # A goal that is evaluated on the way must find it defined.
                    self.graph.define(table.any_answer, table.answers.values())
            frame.literals = (Lit(-table.any_answer), frame.literals)
        self._push(frame.advanced(frame.env))

    def _collect(self, frame: Frame, goal: Collect, table: Table) -> None:
        if not table.complete:
            raise GroundingError(
                "indirect-call-cycle",
                "a goal that collects all solutions depends on what waits for it",
                span=goal.span,
                hint="collect what does not depend on the predicate that collects",
            )
        waiting = Waiting(frame, instantiate(self._store, (goal.result,), tuple(frame.env)), None)
        # Results run in order: the stack runs what was pushed last first.
        for result, literal in reversed(list(goal.reduce(self._store, self.graph, [*table.answers.items()]))):
            self._resume(waiting, (result,), literal)
