"""What becomes of an environment when a head is called or a goal has an answer.

An environment is *plain* where every variable is bound to a ground term or stands for itself. Most are,
and then a ground answer needs no unification: it is written into a copy.
"""

from __future__ import annotations

from nesy.grounding.plans import Bindings, Plan
from nesy.grounding.terms import Args, TermId, TermStore, variable
from nesy.grounding.unification import Unifier, fresh_number, shifted

Slots = list[tuple[int, int]]
"""(variable, argument) for each argument of a goal that is an unbound variable."""


def open_slots(store: TermStore, args: Args) -> Slots | None:
    """The unbound variables among some arguments; None where they repeat or stand inside a term."""
    ground = store.ground
    slots = [(-1 - a, i) for i, a in enumerate(args) if a < 0 or not ground[a]]
    if not slots:
        return slots
    if any(s < 0 for s, _ in slots) or (len(slots) > 1 and len({s for s, _ in slots}) < len(slots)):
        return None
    return slots


def is_ground(store: TermStore, args: Args) -> bool:
    """Whether no argument holds a variable."""
    ground = store.ground
    for a in args:  # noqa: SIM110 - much faster than a generator
        if a < 0 or not ground[a]:
            return False
    return True


def renumbered(args: Args, slots: Slots) -> Args:
    """As `canonical`, for arguments whose open ones are just these distinct variables."""
    result = list(args)
    for number, (_, argument) in enumerate(slots):
        result[argument] = variable(number)
    return tuple(result)


def same_where_bound(head: Args, args: Args) -> bool:
    """Whether a ground head is an instance of a call without repeated variables."""
    for found, wanted in zip(head, args, strict=True):  # noqa: SIM110 - much faster than a generator
        if wanted >= 0 and found != wanted:
            return False
    return True


def is_plain(store: TermStore, env: Bindings, variables: int) -> bool:
    """Whether each of the first `variables` entries is ground or stands for itself."""
    ground = store.ground
    return all(ground[t] if t >= 0 else t == variable(i) for i, t in enumerate(env[:variables]))


def written(env: Bindings, slots: Slots, answer: Args) -> Bindings:
    """A plain environment after a goal with these open arguments has met a ground answer."""
    if not slots:
        return env
    env = env[:]
    for number, argument in slots:
        env[number] = answer[argument]
    return env


def matched(store: TermStore, plan: Plan, args: Args, slots: Slots | None) -> Bindings | None:
    """The environment in which a rule's head is an instance of a call, or None.

    slots: those of the call. Without repeated variables in the call, what is open in it constrains nothing.
    """
    if slots is None:
        return _unified_head(store, plan, args)
    env = plan.blank[:]
    ground = store.ground
    for pattern, arg in zip(plan.rule.head, args, strict=True):
        if arg < 0 or pattern == arg:
            continue
        if pattern < 0:
            known = env[-1 - pattern]
            if known == pattern:
                env[-1 - pattern] = arg
            elif known != arg:
                return None
        elif ground[pattern] or not _fits(store, pattern, arg, env):
            return None
    return env


def _fits(store: TermStore, pattern: TermId, term: TermId, env: Bindings) -> bool:
    """Bind a pattern's variables so that it equals a ground term. Iterative."""
    work = [(pattern, term)]
    while work:
        p, t = work.pop()
        if p < 0:
            known = env[-1 - p]
            if known == p:
                env[-1 - p] = t
            elif known != t:
                return False
        elif store.ground[p]:
            if p != t:
                return False
        elif store.heads[p] != store.heads[t] or len(store.args[p]) != len(store.args[t]):
            return False
        else:
            work.extend(zip(store.args[p], store.args[t], strict=True))
    return True


def _unified_head(store: TermStore, plan: Plan, args: Args) -> Bindings | None:
    unifier = Unifier(store)
    renamed = shifted(store, args, plan.variables)
    return _applied(unifier, plan.blank) if unifier.unify_all(plan.rule.head, renamed) else None


def answered(store: TermStore, env: Bindings, goal: Args, answer: Args) -> Bindings | None:
    """An environment after a goal has met an answer, whose variables are its own."""
    renamed = shifted(store, answer, fresh_number(store, (*env, *goal)))
    unifier = Unifier(store)
    return _applied(unifier, env) if unifier.unify_all(goal, renamed) else None


def solved(store: TermStore, env: Bindings, goal: Args, solution: Args) -> Bindings | None:
    """As `answered`, for a solution of a built-in, which shares the environment's variables."""
    unifier = Unifier(store)
    own = _apart(store, env, goal, solution)
    return _applied(unifier, env) if unifier.unify_all(goal, own) else None


def _apart(store: TermStore, env: Bindings, goal: Args, solution: Args) -> Args:
    """A built-in's solution, with the variables that it adds renamed apart from the environment's."""
    known = set(store.variables(goal))
    new = [v for v in store.variables(solution) if v not in known]
    if not new:
        return solution
    first = fresh_number(store, (*env, *goal))
    names = {v: variable(first + i) for i, v in enumerate(new)}
    return tuple(store.map_variables(s, lambda v: names.get(v, v)) for s in solution)


def _applied(unifier: Unifier, env: Bindings) -> Bindings:
    return [unifier.resolve(t) for t in env]
