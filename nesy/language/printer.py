"""Canonical text of every node of the syntax tree; reading it back gives the same tree.

Quotes where needed, operators with as few parentheses as possible, and no space behind the commas
of arguments: `addition(a,b,3)`.
"""

from __future__ import annotations

from nesy.language.operators import ARGUMENT_PRIORITY, INFIX, NEGATIONS, PREFIX, Operator
from nesy.language.quoting import atom_text, functor_text, quoted, string_text
from nesy.language.syntax import (
    Atom,
    Call,
    Clause,
    Compound,
    Conjunction,
    Constraint,
    Disjunction,
    Evidence,
    Goal,
    Head,
    ListTerm,
    Negation,
    Neural,
    Number,
    Probability,
    Program,
    Query,
    Statement,
    Term,
    Variable,
)
from nesy.language.tokens import SYMBOLS

_GOAL_PRIORITY = ARGUMENT_PRIORITY
_SYMBOL_CHARACTERS = frozenset("".join(SYMBOLS))
# What would be read as one token; a comment's start among them.
_ONE_TOKEN = (*SYMBOLS, "/*")

_NEVER_FUNCTORS = NEGATIONS | {":-", "<-"}

_Task = tuple[Term, int, bool]
"""A term still to print, the loosest it may be unbracketed, and whether it stands alone."""


def term_text(term: Term) -> str:
    """The canonical text of a term. Iterative: a term may be of any depth."""
    return _text(term, ARGUMENT_PRIORITY, alone=True)


def _text(term: Term, limit: int, *, alone: bool) -> str:
    pieces: list[str] = []
    stack: list[str | _Task] = [(term, limit, alone)]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            if pieces and _glues(pieces[-1], item):
                pieces.append(" ")
            pieces.append(item)
        else:
            stack.extend(reversed(_parts(*item)))
    return "".join(pieces)


def _glues(left: str, right: str) -> bool:
    """Whether two pieces of text would be read as other tokens when they touch."""
    if left[-1] not in _SYMBOL_CHARACTERS or right[0] not in _SYMBOL_CHARACTERS:
        return False
    together = left + right
    return any(len(s) > len(left) and together.startswith(s) for s in _ONE_TOKEN)


def _parts(term: Term, limit: int, alone: bool) -> list[str | _Task]:
    """The pieces of a term in order, its subterms as tasks."""
    if isinstance(term, Compound):
        return _compound(term, limit)
    if isinstance(term, ListTerm):
        return ["[", *_separated(term.items), *_tail(term), "]"]
    if isinstance(term, Atom):
        operator = term.name in INFIX or term.name in PREFIX
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


def _compound(term: Compound, limit: int) -> list[str | _Task]:
    functor, args = term.functor, term.args
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
    return [(left, operator.left_priority, False), name, (right, operator.right_priority, False)]


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
    """How loose a term prints: the priority of its outermost operator, 0 where it has none."""
    if not isinstance(term, Compound):
        return 0
    if len(term.args) == 2 and term.functor in INFIX:
        return INFIX[term.functor].priority
    if len(term.args) == 1 and _prints_before(term.functor, term.args[0]):
        return PREFIX[term.functor].priority
    return 0


def _starts_with_number(term: Term) -> bool:
    while isinstance(term, Compound) and len(term.args) == 2 and term.functor in INFIX:
        term = term.args[0]
    return isinstance(term, Number)


def goal_text(goal: Goal) -> str:
    r"""The canonical text of a body: `a, \+b, (c; d)`."""
    if isinstance(goal, Call):
        return _text(goal.atom, _GOAL_PRIORITY, alone=False)
    if isinstance(goal, Negation):
        return "\\+" + _negated_text(goal.goal)
    if isinstance(goal, Conjunction):
        return ", ".join(_within(g, (Conjunction, Disjunction)) for g in goal.goals)
    return "; ".join(_within(g, (Disjunction,)) for g in goal.goals)


def _negated_text(goal: Goal) -> str:
    if isinstance(goal, (Conjunction, Disjunction)):
        return f"({goal_text(goal)})"
    if isinstance(goal, Call):
        text = _text(goal.atom, PREFIX["\\+"].right_priority, alone=False)
        return f" {text}" if _glues("\\+", text) else text
    return goal_text(goal)


def _within(goal: Goal, bracketed: tuple[type[Goal], ...]) -> str:
    return f"({goal_text(goal)})" if isinstance(goal, bracketed) else goal_text(goal)


def head_text(head: Head) -> str:
    """The canonical text of one alternative of a head: `0.3::a`."""
    atom = _text(head.atom, ARGUMENT_PRIORITY, alone=False)
    if head.label is None:
        return atom
    label = _neural_text(head.label) if isinstance(head.label, Neural) else _label_text(head.label)
    return f"{label}::{' ' if _glues('::', atom) else ''}{atom}"


def _label_text(label: Probability) -> str:
    return _text(label.value, ARGUMENT_PRIORITY, alone=False)


def _neural_text(label: Neural) -> str:
    args: list[Term] = [Atom(label.network), ListTerm(label.inputs)]
    if label.output is not None:
        args.append(label.output)
    if label.domain is not None:
        args.append(ListTerm(label.domain))
    return term_text(Compound("nn", tuple(args)))


def statement_text(statement: Statement) -> str:
    """The canonical text of a statement, with its dot."""
    if isinstance(statement, Clause):
        text = "; ".join(head_text(h) for h in statement.heads)
        return f"{text}." if statement.body is None else f"{text} :- {goal_text(statement.body)}."
    if isinstance(statement, Query):
        return f"query({term_text(statement.atom)})."
    if isinstance(statement, Evidence):
        atom = statement.atom
        return f"evidence({term_text(atom) if statement.holds else goal_text(Negation(Call(atom)))})."
    if isinstance(statement, Constraint):
        return f":- {goal_text(statement.body)}."
    return f":- {_text(statement.term, ARGUMENT_PRIORITY, alone=False)}."


def program_text(program: Program) -> str:
    """The canonical text of a program, one statement a line."""
    return "".join(statement_text(s) + "\n" for s in program.statements)
