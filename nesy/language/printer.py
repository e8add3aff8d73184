"""Canonical text of every node of the syntax tree; reading it back gives the same tree.

Quotes where needed, operators with as few parentheses as possible, and no space behind the commas
of arguments: `addition(a,b,3)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from nesy.language.operators import ARGUMENT_PRIORITY, INFIX, NEGATIONS, PREFIX, Operator
from nesy.language.quoting import atom_text, functor_text, quoted, string_text
from nesy.language.syntax import (
    Atom,
    Call,
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
    Label,
    Learnable,
    ListTerm,
    Negation,
    Number,
    Probability,
    Program,
    Query,
    Statement,
    Term,
    Variable,
    indicator,
)
from nesy.language.terms import AGGREGATE
from nesy.language.tokens import SYMBOLS, is_plain_name

_GOAL_PRIORITY = ARGUMENT_PRIORITY
_SYMBOL_CHARACTERS = frozenset("".join(SYMBOLS))
# What would be read as one token; a comment's start among them.
_ONE_TOKEN = (*SYMBOLS, "/*")

_NOT = "\\+"
_NEVER_FUNCTORS = NEGATIONS | {":-", "<-"}

_Task = tuple[Term, int, bool]
"""A term still to print, the loosest it may be unbracketed, and whether it stands alone."""
_NONE: frozenset[str] = frozenset()


def term_text(term: Term) -> str:
    """The canonical text of a term. Iterative: a term may be of any depth."""
    return _text(term, ARGUMENT_PRIORITY, alone=True)


def _text(term: Term, limit: int, *, alone: bool, defined: frozenset[str] = _NONE) -> str:
    """The text of a term. defined: names that are operators where the text will stand; quoted here."""
    pieces: list[str] = []
    stack: list[str | _Task] = [(term, limit, alone)]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            if pieces and _glues(pieces[-1], item):
                pieces.append(" ")
            pieces.append(item)
        else:
            stack.extend(reversed(_parts(*item, defined)))
    return "".join(pieces)


def _glues(left: str, right: str) -> bool:
    """Whether two pieces of text would be read as other tokens when they touch."""
    if left[-1] not in _SYMBOL_CHARACTERS or right[0] not in _SYMBOL_CHARACTERS:
        return False
    together = left + right
    return any(len(s) > len(left) and together.startswith(s) for s in _ONE_TOKEN)


def _parts(term: Term, limit: int, alone: bool, defined: frozenset[str]) -> list[str | _Task]:
    """The pieces of a term in order, its subterms as tasks."""
    if isinstance(term, Compound):
        return _compound(term, limit, alone)
    if isinstance(term, ListTerm):
        return ["[", *_separated(term.items), *_tail(term), "]"]
    if isinstance(term, Atom):
        operator = term.name in INFIX or term.name in PREFIX or term.name in defined
        return [quoted(term.name) if operator and not alone else atom_text(term.name)]
    if isinstance(term, Variable):
        return ["_" if term.anonymous else term.name]
    if isinstance(term, Number):
        return [repr(term.value)]
    return [string_text(term.value)]


def _separated(terms: tuple[Term, ...]) -> list[str | _Task]:
    parts: list[str | _Task] = []
    for term in terms:
        parts += [",", (term, ARGUMENT_PRIORITY, True)]
    return parts[1:]


def _tail(term: ListTerm) -> list[str | _Task]:
    return [] if term.tail is None else ["|", (term.tail, ARGUMENT_PRIORITY, True)]


def _compound(term: Compound, limit: int, alone: bool) -> list[str | _Task]:
    functor, args = term.functor, term.args
    if functor == AGGREGATE and len(args) == 2 and alone:
        kind, over = args
        if isinstance(kind, Atom) and is_plain_name(kind.name) and isinstance(over, Variable):
            return [f"{kind.name}<{'_' if over.anonymous else over.name}>"]
    if len(args) == 2 and functor in INFIX:
        return _bracketed(_infix(INFIX[functor], args[0], args[1]), INFIX[functor].priority, limit)
    if len(args) == 1 and _prints_before(functor, args[0]):
        return _bracketed(_prefix(PREFIX[functor], args[0]), PREFIX[functor].priority, limit)
    # The brackets of a negation only group, and an arrow starts a body: as mere names they are quoted.
    name = quoted(functor) if functor in _NEVER_FUNCTORS else functor_text(functor)
    return [name, "(", *_separated(args), ")"]


def _bracketed(parts: list[str | _Task], priority: int, limit: int) -> list[str | _Task]:
    return ["(", *parts, ")"] if priority > limit else parts


def _infix(operator: Operator, left: Term, right: Term) -> list[str | _Task]:
    name = f" {operator.name} " if operator.name[0].isalpha() else operator.name
    first: list[str | _Task] = [(left, operator.left_priority, False)]
    if operator.name == "**" and isinstance(left, Number) and repr(left.value)[0] == "-":
        first = ["(", *first, ")"]  # for -1**2 is -(1**2)
    return [*first, name, (right, operator.right_priority, False)]


def _prints_before(functor: str, operand: Term) -> bool:
    """Whether a compound of one argument is printed as an operator before its operand."""
    if functor in NEGATIONS:
        return True
    if functor not in ("-", "+", "\\") or _priority(operand) > PREFIX[functor].right_priority:
        return False
    # `-1` is a number, and `-1**2` its square: neither is the operator.
    return not (functor == "-" and _starts_with_number(operand))


def _prefix(operator: Operator, operand: Term) -> list[str | _Task]:
    if _priority(operand) > operator.right_priority:
        # All that the brackets hold is the operand: here even a comma needs no second pair.
        return [operator.name, "(", (operand, 1200, False), ")"]
    name = f"{operator.name} " if operator.name[0].isalpha() else operator.name
    return [name, (operand, operator.right_priority, False)]


def _priority(term: Term) -> int:
    """How loose a term prints, at most: the priority of its outermost operator, 0 where it has none."""
    if not isinstance(term, Compound):
        return 0
    if len(term.args) == 2 and term.functor in INFIX:
        return INFIX[term.functor].priority
    if len(term.args) == 1 and term.functor in PREFIX:
        return PREFIX[term.functor].priority
    return 0


def _starts_with_number(term: Term) -> bool:
    while isinstance(term, Compound) and len(term.args) == 2 and term.functor in INFIX:
        term = term.args[0]
    return isinstance(term, Number)


def goal_text(goal: Goal) -> str:
    r"""The canonical text of a body: `a, \+b, (c; d), (e -> f; g)`."""
    return _Writer().goal(goal)


def head_text(head: Head) -> str:
    """The canonical text of one alternative of a head: `0.3::a`."""
    return _Writer().head(head)


def statement_text(statement: Statement) -> str:
    """The canonical text of a statement, with its dot."""
    return _Writer().statement(statement)


def program_text(program: Program) -> str:
    """The canonical text of a program, one statement a line."""
    lines: list[str] = []
    defined = _NONE
    for statement in program.statements:
        lines.append(_Writer(defined).statement(statement) + "\n")
        if isinstance(statement, Directive):
            defined |= _operators_of(statement)
    return "".join(lines)


def _operators_of(directive: Directive) -> frozenset[str]:
    """The names that an `op` directive defines."""
    term = directive.term
    if not (isinstance(term, Compound) and indicator(term) == ("op", 3)):
        return _NONE
    names = term.args[2]
    listed = names.items if isinstance(names, ListTerm) else (names,)
    return frozenset(name.name for name in listed if isinstance(name, Atom))


@final
@dataclass(frozen=True)
class _Writer:
    """Writes goals and statements.

    defined: names that directives before this place made operators. What they join is written in
    functional notation, and the names themselves in quotes, so that the text needs no directive.
    """

    defined: frozenset[str] = _NONE

    def term(self, term: Term, limit: int = ARGUMENT_PRIORITY, *, alone: bool = True) -> str:
        return _text(term, limit, alone=alone, defined=self.defined)

    def goal(self, goal: Goal) -> str:
        if isinstance(goal, Call):
            return self.term(goal.atom, _GOAL_PRIORITY, alone=False)
        if isinstance(goal, Negation):
            return _NOT + self._negated(goal.goal)
        if isinstance(goal, Conjunction):
            return ", ".join(self._within(g, (Conjunction, Disjunction)) for g in goal.goals)
        if isinstance(goal, Disjunction):
            return "; ".join(self._within(g, (Disjunction,)) for g in goal.goals)
        return f"({self._conditional(goal)})"

    def _conditional(self, goal: Conditional) -> str:
        """`c -> t; e`, without brackets; a conditional as the last alternative needs none either."""
        branches: list[str] = []
        rest: Goal | None = goal
        while isinstance(rest, Conditional):
            branch = (self._within(part, (Disjunction,)) for part in (rest.condition, rest.then))
            branches.append(" -> ".join(branch))
            rest = rest.otherwise
        if rest is not None:
            branches.append(self.goal(rest))
        return "; ".join(branches)

    def _negated(self, goal: Goal) -> str:
        if isinstance(goal, (Conjunction, Disjunction)):
            return f"({self.goal(goal)})"
        if isinstance(goal, Call):
            return _spaced(_NOT, self.term(goal.atom, PREFIX[_NOT].right_priority, alone=False))
        return self.goal(goal)

    def _within(self, goal: Goal, bracketed: tuple[type[Goal], ...]) -> str:
        return f"({self.goal(goal)})" if isinstance(goal, bracketed) else self.goal(goal)

    def head(self, head: Head) -> str:
        atom = self.term(head.atom, ARGUMENT_PRIORITY, alone=False)
        if head.negated:
            atom = _NOT + _spaced(_NOT, atom)
        return atom if head.label is None else f"{self._label(head.label)}::{_spaced('::', atom)}"

    def _label(self, label: Label) -> str:
        if isinstance(label, Probability):
            return self.term(label.value, alone=False)
        if isinstance(label, Learnable):
            return f"t({'_' if label.initial is None else self.term(label.initial)})"
        args: list[Term] = [Atom(label.network), ListTerm(label.inputs)]
        if label.output is not None:
            args.append(label.output)
        if label.domain is not None:
            args.append(ListTerm(label.domain))
        return self.term(Compound("nn", tuple(args)))

    def statement(self, statement: Statement) -> str:
        if isinstance(statement, Clause):
            return "; ".join(map(self.head, statement.heads)) + self._behind(statement.body)
        if isinstance(statement, (Query, Evidence)):
            name = "query" if isinstance(statement, Query) else "evidence"
            return f"{name}({self._asked(statement)}){self._behind(statement.body)}"
        if isinstance(statement, Constraint):
            return self._behind(statement.body)[1:]
        return f":- {self.term(statement.term, alone=False)}."

    def _behind(self, body: Goal | None) -> str:
        return "." if body is None else f" :- {self.goal(body)}."

    def _asked(self, statement: Query | Evidence) -> str:
        atom: Term = statement.atom
        if statement.body is not None and isinstance(atom, Compound) and indicator(atom) == ("call", 1):
            atom = atom.args[0]  # as it was written: query(X) :- body.
        if isinstance(statement, Query) or statement.holds:
            return self.term(atom)
        return self.term(Compound(_NOT, (atom,)))


def _spaced(before: str, text: str) -> str:
    """A text, with a space before it where it would join what stands before it."""
    return f" {text}" if _glues(before, text) else text
