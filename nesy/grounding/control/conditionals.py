"""If-then-else as the goals it stands for."""

from __future__ import annotations

from nesy.language.syntax import Conditional, Conjunction, Disjunction, Goal, Negation


def expanded(goal: Conditional) -> Goal:
    r"""`(c -> t ; e)` as `(c, t ; \+ c, e)`, and `(c -> t)` as `(c, t)`.

    Every solution of the condition counts, not the first alone: in a world of uncertain facts there is
    no first one. The two branches exclude one another in every world.
    """
    first = Conjunction((goal.condition, goal.then), goal.span)
    if goal.otherwise is None:
        return first
    second = Conjunction((Negation(goal.condition, goal.condition.span), goal.otherwise), goal.span)
    return Disjunction((first, second), goal.span)
