"""Hypothesis strategies for syntax trees in the form in which the parser gives them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from hypothesis import strategies as st

from nesy.language.operators import INFIX, PREFIX
from nesy.language.syntax import (
    Atom,
    Call,
    Callable,
    Clause,
    Compound,
    Conditional,
    Conjunction,
    Constraint,
    Directive,
    Disjunction,
    Evidence,
    Goal,
    Head,
    Learnable,
    ListTerm,
    Negation,
    Neural,
    Number,
    Probability,
    Program,
    Query,
    Statement,
    String,
    Term,
    Variable,
)

names = st.one_of(
    st.sampled_from(
        ["a", "b", "edge", "é", "名", "New York", "it's", "\\", "a\nb", "X", "_", "", "()", "/*", "%"]
    ),
    st.sampled_from([*INFIX, *PREFIX, "=>", "!", "|", "table", "query", "nn"]),
    st.text(max_size=4),
)
"""Names of every kind: bare, quoted, operators, misspelled operators."""

integers = st.integers(-(10**20), 10**20)
floats = st.floats(allow_nan=False, allow_infinity=False)
numbers = st.builds(Number, integers | floats)
variables = st.builds(Variable, st.sampled_from(["X", "Y", "_z", "É", "_#1"]))
atoms = st.builds(Atom, names.filter(lambda n: n != "[]"))
strings = st.builds(String, st.text(max_size=6))
leaves = st.one_of(atoms, st.just(Atom("[]")), numbers, variables, strings)


def _compounds(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    binary = st.sampled_from([name for name in INFIX if name != ".."])
    lists = st.lists(inner, min_size=1, max_size=3).map(tuple)
    open_tails = inner.filter(lambda t: not isinstance(t, ListTerm) and t != Atom("[]"))
    return st.one_of(
        st.builds(Compound, names, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Compound, binary, st.tuples(inner, inner)),
        st.builds(Compound, st.sampled_from(list(PREFIX)), st.tuples(inner)),
        st.builds(ListTerm, lists),
        st.builds(ListTerm, lists, open_tails),
    ).filter(lambda t: not (isinstance(t, Compound) and (t.functor, len(t.args)) == ("..", 2)))


terms: st.SearchStrategy[Term] = st.recursive(leaves, _compounds, max_leaves=8)

_CONTROL = {(",", 2), (";", 2), ("->", 2), ("::", 2), ("\\+", 1), ("not", 1)}
_RESERVED = {"query", "evidence", "dynamic", "discontiguous", "table", "use_module", "op", "consult"}


def _is_atom(term: Term) -> bool:
    if isinstance(term, Atom):
        return term.name != "[]" and term.name not in _RESERVED
    if not isinstance(term, Compound) or term.functor in _RESERVED:
        return False
    if term.functor == ":" and isinstance(term.args[0], Number):
        return False  # `0.3:a` is refused: it is a label that lacks a colon
    return (term.functor, len(term.args)) not in _CONTROL


callables: st.SearchStrategy[Callable] = terms.filter(_is_atom)  # type: ignore[assignment]


def _junction(kind: type[Conjunction | Disjunction], goals: list[Goal]) -> Goal:
    """A chain with the goals of equal chains among them joined on, as the parser does."""
    flat: list[Goal] = []
    for goal in goals:
        flat.extend(goal.goals if isinstance(goal, kind) else (goal,))
    if kind is Disjunction:
        return _conditionals(flat)
    return kind(tuple(flat))


def _conditionals(goals: list[Goal]) -> Goal:
    """Alternatives, where what stands behind a conditional without one is its `otherwise`."""
    for at, goal in enumerate(goals[:-1]):
        if isinstance(goal, Conditional) and goal.otherwise is None:
            rest = _junction(Disjunction, goals[at + 1 :]) if len(goals) > at + 2 else goals[-1]
            branch: Goal = Conditional(goal.condition, goal.then, rest)
            return branch if at == 0 else Disjunction((*goals[:at], branch))
    return Disjunction(tuple(goals))


def _goals(inner: st.SearchStrategy[Goal]) -> st.SearchStrategy[Goal]:
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        st.builds(Negation, inner),
        st.builds(Conditional, inner, inner, st.none() | inner),
        several.map(lambda goals: _junction(Conjunction, goals)),
        several.map(lambda goals: _junction(Disjunction, goals)),
    )


bodies: st.SearchStrategy[Goal] = st.recursive(st.builds(Call, callables), _goals, max_leaves=5)

probabilities = st.builds(
    Probability,
    terms.filter(lambda t: t != Atom("nn") and not (isinstance(t, Compound) and t.functor in ("nn", "t"))),
)
values = st.lists(terms, min_size=1, max_size=3).map(tuple)
outputs = st.builds(Variable, st.sampled_from(["Y", "Out"]))
neurals = st.one_of(
    st.builds(Neural, names, values),
    st.builds(Neural, names, values, outputs),
    st.builds(Neural, names, values, outputs, values),
)
learnables = st.builds(
    Learnable, st.none() | terms.filter(lambda t: not (isinstance(t, Variable) and t.anonymous))
)
heads = st.builds(Head, callables, st.none() | probabilities | neurals | learnables, st.none(), st.booleans())
asked = callables.filter(
    lambda t: not (isinstance(t, Compound) and t.functor in (":-", "<-", *[f for f, _ in _CONTROL]))
)

statements: st.SearchStrategy[Statement] = st.one_of(
    st.builds(Clause, st.lists(heads, min_size=1, max_size=3).map(tuple), st.none() | bodies),
    st.builds(Query, asked, st.none(), st.none() | bodies),
    st.builds(Evidence, asked, st.booleans(), st.none(), st.none() | bodies),
    st.builds(Constraint, bodies),
    st.builds(
        Directive, st.builds(Compound, st.sampled_from(["dynamic", "table", "use_module"]), st.tuples(terms))
    ),
)


class _Renumber:
    """Numbers anonymous variables in order of the text, as the parser does."""

    def __init__(self) -> None:
        self.count = 0

    def node(self, node: Any) -> Any:
        """A copy of any node, value or tuple of them."""
        if isinstance(node, Variable) and node.anonymous:
            self.count += 1
            return Variable(f"_#{self.count}")
        if isinstance(node, tuple):
            return tuple(self.node(part) for part in node)
        if isinstance(node, Head):
            label = self.node(node.label)  # written before the atom, though it is the later field
            return Head(self.node(node.atom), label, negated=node.negated)
        if isinstance(node, Learnable) and node.initial is None:
            self.count += 1  # written t(_)
            return node
        if not is_dataclass(node):
            return node
        parts = {f.name: self.node(getattr(node, f.name)) for f in fields(node) if f.name != "span"}
        return node.__class__(**parts)


def _program(found: list[Statement]) -> Program:
    return Program(tuple(_Renumber().node(statement) for statement in found))


programs = st.lists(statements, max_size=3).map(_program)
