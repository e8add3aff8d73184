"""Reads terms by operator precedence, with explicit stacks: nesting costs memory, never recursion.

The reader moves over the tokens in two alternating states: it wants an operand, or it has one and
wants an operator, a separator or a closing bracket.
"""

from __future__ import annotations

from typing import final

from nesy.errors import Span
from nesy.language.literals import number, unescape
from nesy.language.malformed import Malformed
from nesy.language.mistakes import (
    clash,
    mismatched_bracket,
    missing_operand,
    unclosed_bracket,
    unexpected,
    unreadable,
)
from nesy.language.operators import (
    CLAUSE_PRIORITY,
    INFIX,
    NEGATIONS,
    PREFIX,
    Operator,
)
from nesy.language.ranges import expand_ranges
from nesy.language.syntax import Atom, Compound, ListTerm, Number, String, Term, Variable
from nesy.language.tokens import (
    BAD,
    FUNCTOR,
    NAME,
    NUMBER,
    PUNCTUATION,
    QUOTED,
    STOP,
    STRING,
    SYMBOL,
    VARIABLE,
    Tokens,
)
from nesy.language.tokens import END as END_OF_TEXT
from nesy.language.wellformed import MAX_OPEN_BRACKETS, too_deep

_CONSTANTS = frozenset({NAME, QUOTED, VARIABLE, NUMBER, STRING})
_CLOSING = {"call": ")", "(": ")", "[": "]"}
# Terms as arguments may be looser than ISO's 999 (`f(a;b)`, as ProbLog reads), but for the comma.
_INNER_PRIORITY = CLAUSE_PRIORITY


@final
class _Open:
    """A bracket that is not closed yet, and what was collected inside it."""

    __slots__ = ("base", "first", "functor", "has_tail", "items", "kind")

    def __init__(self, kind: str, first: int, functor: str, base: int) -> None:
        self.kind = kind  # "call", "(" or "["
        self.first = first  # the token the bracketed term starts with
        self.functor = functor
        self.base = base  # how many operators were waiting outside
        self.items: list[Term] = []
        self.has_tail = False

    @property
    def bracket(self) -> int:
        """The index of the opening bracket's token."""
        return self.first + 1 if self.kind == "call" else self.first


@final
class Reader:
    """Reads one term after the other from the tokens of a source.

    index: the token to read next; whoever calls moves it too.
    Anonymous variables are numbered from `start_statement` on.
    """

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.index = 0
        self.first = 0
        self._anonymous = 0
        self._operands: list[Term] = []
        self._operators: list[tuple[Operator, int]] = []
        self._open: list[_Open] = []
        self._limit = CLAUSE_PRIORITY

    def start_statement(self, index: int) -> None:
        """Begin a statement at a token: variables start anew."""
        self.index = self.first = index
        self._anonymous = 0

    def read(self, limit: int) -> Term:
        """The term that starts at the current token, of at most the given priority.

        Stops at the first token that cannot continue it. Raises `Malformed` where there is no term.
        Cost: linear in the tokens read.
        """
        self._operands, self._operators, self._open = [], [], []
        self._limit = limit
        wants_operand = True
        while True:
            if wants_operand:
                wants_operand = self._operand()
            else:
                continues = self._operator()
                if continues is None:
                    break
                wants_operand = continues
        self._reduce_all(0)
        return self._operands.pop()

    # -- an operand is wanted ------------------------------------------------------------------

    def _operand(self) -> bool:
        """Read the start of an operand; whether an operand is still wanted behind it."""
        index = self.index
        kind = self.tokens.kinds[index]
        text = self.tokens.texts[index]
        if kind == FUNCTOR:
            return self._open_call(index, text)
        if kind in _CONSTANTS:
            if kind == NAME and text in PREFIX and self._starts_term(index + 1):
                return self._push_prefix(index, text)
            self._operands.append(self._constant(kind, text, index))
            self.index += 1
            return False
        if kind == PUNCTUATION and text in "([":
            return self._open_bracket(index, text)
        if kind == SYMBOL:
            return self._symbol(index, text)
        raise self._no_operand()

    def _constant(self, kind: str, text: str, index: int) -> Term:
        tokens = self.tokens
        span = Span(tokens.source, tokens.starts[index], tokens.ends[index])
        if kind == NAME:
            return Atom(text, span)
        if kind == VARIABLE:
            if text == "_":
                self._anonymous += 1
                text = f"_#{self._anonymous}"
            return Variable(text, span)
        if kind == NUMBER:
            return Number(number(text, span), span)
        if kind == QUOTED:
            return Atom(unescape(text[1:-1], "'", span), span)
        return String(unescape(text[1:-1], '"', span), span)

    def _open_call(self, index: int, text: str) -> bool:
        if text in PREFIX and text in NEGATIONS:
            return self._push_prefix(index, text)
        if text[0] == "'":
            text = unescape(text[1:-1], "'", self.tokens.span(index))
        self._push_bracket(_Open("call", index, text, len(self._operators)))
        self.index = index + 2
        return True

    def _open_bracket(self, index: int, text: str) -> bool:
        self.index = index + 1
        if text == "[" and self.tokens.texts[index + 1] == "]":
            self._operands.append(Atom("[]", self.tokens.span(index, index + 1)))
            self.index = index + 2
            return False
        self._push_bracket(_Open(text, index, "", len(self._operators)))
        return True

    def _push_bracket(self, bracket: _Open) -> None:
        if len(self._open) >= MAX_OPEN_BRACKETS:
            raise too_deep(self.tokens.span(self._open[0].first), MAX_OPEN_BRACKETS)
        self._open.append(bracket)

    def _symbol(self, index: int, text: str) -> bool:
        tokens = self.tokens
        behind = index + 1
        if text == "-" and tokens.kinds[behind] == NUMBER and tokens.starts[behind] == tokens.ends[index]:
            span = tokens.span(index, behind)
            self._operands.append(Number(-number(tokens.texts[behind], tokens.span(behind)), span))
            self.index = index + 2
            return False
        if text in PREFIX and self._starts_term(behind):
            return self._push_prefix(index, text)
        if (text in PREFIX or text in INFIX) and self._open and tokens.texts[behind] in (")", "]", ",", "|"):
            self._operands.append(Atom(text, tokens.span(index)))
            self.index = behind
            return False
        raise self._no_operand()

    def _starts_term(self, index: int) -> bool:
        """Whether a token can only be the start of a term, so that the operator before it is one."""
        kind, text = self.tokens.kinds[index], self.tokens.texts[index]
        if kind in (NAME, SYMBOL):
            return text in PREFIX or text not in INFIX
        return kind in _CONSTANTS or kind in (FUNCTOR, BAD) or text in ("(", "[")

    def _push_prefix(self, index: int, text: str) -> bool:
        operator = PREFIX[text]
        waiting = self._waiting()
        limit = self._frame_limit() if waiting is None else waiting.right_priority
        if operator.priority > limit:
            raise clash(self.tokens, index, self._waiting_index())
        self._operators.append((operator, index))
        self.index = index + 1
        return True

    # -- an operator is wanted -----------------------------------------------------------------

    def _operator(self) -> bool | None:
        """Read what follows an operand; whether an operand is wanted next, None at the term's end."""
        index = self.index
        text = self.tokens.texts[index]
        kind = self.tokens.kinds[index]
        if self._open:
            frame = self._open[-1]
            if kind == PUNCTUATION and text in ",|)]" and not (text == "," and frame.kind == "("):
                return self._separator(frame, text)
        if text in INFIX:
            return self._infix(INFIX[text], index)
        if self._open:
            raise self._broken_inside(self._open[-1])
        return None

    def _infix(self, operator: Operator, index: int) -> bool | None:
        limit = self._frame_limit()
        if operator.priority > limit:
            if self._open:
                raise clash(self.tokens, index, None)
            return None
        operators = self._operators
        base = self._open[-1].base if self._open else 0
        while len(operators) > base:
            top, at = operators[-1]
            if top.priority <= operator.left_priority:
                self._reduce()
            elif operator.priority <= top.right_priority:
                break
            else:
                raise clash(self.tokens, index, at)
        operators.append((operator, index))
        self.index = index + 1
        return True

    def _separator(self, frame: _Open, text: str) -> bool:
        """A comma, a bar or a closing bracket inside a bracket: the current item is complete."""
        index = self.index
        if text in ")]":
            if text != _CLOSING[frame.kind]:
                raise mismatched_bracket(self.tokens, index, frame.bracket)
            self._reduce_all(frame.base)
            self._close(frame, index)
            self.index = index + 1
            return False
        if frame.has_tail or (text == "|" and frame.kind != "["):
            raise unexpected(self.tokens, index, self.first)
        self._reduce_all(frame.base)
        frame.items.append(self._operands.pop())
        frame.has_tail = text == "|"
        self.index = index + 1
        return True

    def _close(self, frame: _Open, index: int) -> None:
        """Replace a bracket's contents by the term they make."""
        self._open.pop()
        if frame.kind == "(":
            return
        frame.items.append(self._operands.pop())
        span = self.tokens.span(frame.first, index)
        if frame.kind == "call":
            self._operands.append(Compound(frame.functor, tuple(frame.items), span))
        else:
            self._operands.append(_list(frame.items, frame.has_tail, span))

    def _reduce(self) -> None:
        operator, index = self._operators.pop()
        operands = self._operands
        tokens = self.tokens
        right = operands.pop()
        end = right.span.end if right.span is not None else tokens.ends[index]
        if operator.left_priority < 0:
            span = Span(tokens.source, tokens.starts[index], end)
            operands.append(Compound(operator.name, (right,), span))
            return
        left = operands.pop()
        start = left.span.start if left.span is not None else tokens.starts[index]
        operands.append(Compound(operator.name, (left, right), Span(tokens.source, start, end)))

    def _reduce_all(self, base: int) -> None:
        while len(self._operators) > base:
            self._reduce()

    # -- what surrounds the current place ------------------------------------------------------

    def _frame_limit(self) -> int:
        return _INNER_PRIORITY if self._open else self._limit

    def _waiting(self) -> Operator | None:
        """The innermost operator that waits for its right operand, inside the current bracket."""
        base = self._open[-1].base if self._open else 0
        return self._operators[-1][0] if len(self._operators) > base else None

    def _waiting_index(self) -> int | None:
        return self._operators[-1][1] if self._waiting() is not None else None

    def _no_operand(self) -> Malformed:
        bracket = self._open[-1].bracket if self._open else None
        return missing_operand(self.tokens, self.index, bracket, self.first)

    def _broken_inside(self, frame: _Open) -> Malformed:
        tokens, index = self.tokens, self.index
        if tokens.kinds[index] == BAD:
            return unreadable(tokens, index, self.first)
        if tokens.kinds[index] in (STOP, END_OF_TEXT) or tokens.starts_line(index):
            return unclosed_bracket(tokens, index, frame.bracket, self.first)
        return unexpected(tokens, index, self.first)


def _list(items: list[Term], has_tail: bool, span: Span) -> Term:
    """A list term in canonical form: a tail that is itself a list is joined on."""
    tail = items.pop() if has_tail else None
    items = expand_ranges(items)
    if isinstance(tail, ListTerm):
        items.extend(tail.items)
        tail = tail.tail
    elif isinstance(tail, Atom) and tail.name == "[]":
        tail = None
    return ListTerm(tuple(items), tail, span)
