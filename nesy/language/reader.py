"""Reads terms by operator precedence, with explicit stacks: nesting costs memory, never recursion.

The reader moves over the tokens in two alternating states: it wants an operand, or it has one and
wants an operator, a separator or a closing bracket.
"""

from __future__ import annotations

from typing import final

from nesy.errors import Span
from nesy.language.brackets import Bracket, list_term
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
from nesy.language.operators import ARGUMENT_PRIORITY, CLAUSE_PRIORITY, NEGATIONS, Operator, OperatorTable
from nesy.language.syntax import Atom, Compound, Number, String, Term, Variable
from nesy.language.terms import AGGREGATE, placed
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

_AGGREGATES = Operator(AGGREGATE, "xfx", 1)
_CONSTANTS = frozenset({NAME, QUOTED, VARIABLE, NUMBER, STRING})
# Terms as arguments may be looser than ISO's 999 (`f(a;b)`), but for the comma.
_INNER_PRIORITY = CLAUSE_PRIORITY
# The priority of `=` and its kin. What binds looser is no side of one: `a :- \+ .` is a slip.
_RELATION = 700


@final
class Reader:
    """Reads one term after the other from the tokens of a source.

    index: the token to read next; whoever calls moves it too.
    ranges: whether a `low..high` was read since the statement began.
    roles: which tokens were read as operators, and as which; kept only where a dictionary is given.
    Anonymous variables are numbered from `start_statement` on.
    """

    def __init__(self, tokens: Tokens, roles: dict[int, Operator] | None = None) -> None:
        self.tokens = tokens
        self.roles = roles
        self.index = 0
        self.first = 0
        self.ranges = False
        self._anonymous = 0
        self._operands: list[Term] = []
        self._operators: list[tuple[Operator, int]] = []
        self._open: list[Bracket] = []
        self._limit = CLAUSE_PRIORITY
        self._table = tokens.operators

    def start_statement(self, index: int) -> None:
        """Begin a statement at a token: variables start anew."""
        self.index = self.first = index
        self._anonymous = 0
        self.ranges = False

    def use(self, operators: OperatorTable, index: int) -> None:
        """Let other operators be in force from a token on."""
        self.tokens.use(operators, index)
        self._table = operators

    def read(self, limit: int) -> Term:
        """The term that starts at the current token, of at most the given priority.

        Stops at the first token that cannot continue it. Raises `Malformed` where there is no term.
        Cost: linear in the tokens read.
        """
        self._operands, self._operators, self._open = [], [], []
        self._limit = limit
        kinds = self.tokens.kinds
        wants_operand = True
        while True:
            if wants_operand:
                kind = kinds[self.index]
                if kind == FUNCTOR:
                    wants_operand = self._open_call(self.index)
                elif kind in _CONSTANTS:
                    wants_operand = self._constant_operand(kind, self.index)
                else:
                    wants_operand = self._other_operand(kind, self.index)
            elif kinds[self.index] == STOP and not self._open:
                break
            else:
                continues = self._operator()
                if continues is None:
                    break
                wants_operand = continues
        self._reduce_all(0)
        return self._operands.pop()

    # -- an operand is wanted: each method says whether one is still wanted behind what it read ----

    def _constant_operand(self, kind: str, index: int) -> bool:
        if kind == NAME and self.tokens.texts[index] in self._table.prefix and self._starts_term(index + 1):
            return self._push_prefix(index)
        self._operands.append(self._constant(kind, index))
        self.index = index + 1
        return False

    def _other_operand(self, kind: str, index: int) -> bool:
        if kind == SYMBOL:
            return self._symbol(index)
        text = self.tokens.texts[index]
        if kind == PUNCTUATION and text in "([":
            return self._open_bracket(index, text)
        raise self._no_operand()

    def _constant(self, kind: str, index: int) -> Term:
        tokens = self.tokens
        text = tokens.texts[index]
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

    def _open_call(self, index: int) -> bool:
        tokens = self.tokens
        text = tokens.texts[index]
        if text in NEGATIONS:
            return self._push_prefix(index)
        if text[0] == "'":
            text = unescape(text[1:-1], "'", tokens.span(index))
        items: list[Term] = []
        at = self._plain_items(index + 2, items)
        if items and tokens.texts[at - 1] == ")":
            span = Span(tokens.source, tokens.starts[index], tokens.ends[at - 1])
            self._operands.append(Compound(text, tuple(items), span))
            self.index = at
            return False
        self._push_bracket(Bracket("call", index, text, len(self._operators)), items, at)
        return True

    def _plain_items(self, at: int, items: list[Term]) -> int:
        """Read constants that stand alone between separators; the token to go on with.

        Most of a program's tokens are read here. Stops behind the first `)`.
        """
        kinds, texts = self.tokens.kinds, self.tokens.texts
        while (kind := kinds[at]) in _CONSTANTS:
            separator = texts[at + 1]
            if separator not in (",", ")"):
                break
            items.append(self._constant(kind, at))
            at += 2
            if separator == ")":
                break
        return at

    def _open_bracket(self, index: int, text: str) -> bool:
        if text == "[" and self.tokens.texts[index + 1] == "]":
            self._operands.append(Atom("[]", self.tokens.span(index, index + 1)))
            self.index = index + 2
            return False
        self._push_bracket(Bracket(text, index, "", len(self._operators)), [], index + 1)
        return True

    def _push_bracket(self, bracket: Bracket, items: list[Term], index: int) -> None:
        if len(self._open) >= MAX_OPEN_BRACKETS:
            raise too_deep(self.tokens.span(self._open[0].first), MAX_OPEN_BRACKETS)
        bracket.items = items
        self._open.append(bracket)
        self.index = index

    def _symbol(self, index: int) -> bool:
        """A symbol where an operand is wanted: a sign, a prefix operator, or an atom of that name."""
        tokens, table = self.tokens, self._table
        text, behind = tokens.texts[index], index + 1
        touches = tokens.kinds[behind] == NUMBER and tokens.starts[behind] == tokens.ends[index]
        # The sign belongs to the number, but -2**2 is -(2**2).
        if text == "-" and touches and tokens.texts[behind + 1] != "**":
            value = number(tokens.texts[behind], tokens.span(behind))
            self._operands.append(Number(-value, tokens.span(index, behind)))
            self.index = index + 2
            return False
        if text in table.prefix and self._starts_term(behind):
            return self._push_prefix(index)
        if text in table and self._stands_alone(index):
            self._operands.append(Atom(text, tokens.span(index)))
            self.index = behind
            return False
        raise self._no_operand()

    def _stands_alone(self, index: int) -> bool:
        """Whether an operator is an atom: a whole argument, `f(+)`, or a side of a relation, `X = +`."""
        kind, text = self.tokens.kinds[index + 1], self.tokens.texts[index + 1]
        closes = kind == PUNCTUATION and text in (")", "]", ",", "|")
        waiting = self._waiting()
        if closes and self._open and waiting is None:
            return True
        if waiting is not None and waiting.priority < _RELATION:
            return False
        infix, prefix = self._table.infix, self._table.prefix
        name = self.tokens.texts[index]
        if any(o is not None and o.priority > _RELATION for o in (infix.get(name), prefix.get(name))):
            return False
        behind = infix.get(text) if kind in (NAME, SYMBOL) else None
        return closes or kind == STOP or (behind is not None and behind.priority >= _RELATION)

    def _starts_term(self, index: int) -> bool:
        """Whether a token can only be the start of a term, so that the operator before it is one."""
        kind, text = self.tokens.kinds[index], self.tokens.texts[index]
        if kind in (NAME, SYMBOL):
            prefix = self._table.prefix.get(text)
            inside = prefix is not None and prefix.priority <= ARGUMENT_PRIORITY
            return inside or text not in self._table.infix
        return kind in _CONSTANTS or kind in (FUNCTOR, BAD) or text in ("(", "[")

    def _push_prefix(self, index: int) -> bool:
        operator = self._table.prefix[self.tokens.texts[index]]
        waiting = self._waiting()
        limit = self._frame_limit() if waiting is None else waiting.right_priority
        if operator.priority > limit:
            raise clash(self.tokens, index, self._waiting_index())
        self._operators.append((operator, index))
        self.note(operator, index)
        self.index = index + 1
        return True

    # -- an operator is wanted -----------------------------------------------------------------

    def _operator(self) -> bool | None:
        """Read what follows an operand; whether an operand is wanted next, None at the term's end."""
        index = self.index
        text = self.tokens.texts[index]
        if self._open and self.tokens.kinds[index] == PUNCTUATION:
            frame = self._open[-1]
            if text in ",|)]" and not (text == "," and frame.kind == "("):
                return self._separator(frame, text)
        table = self._table
        operator = table.infix.get(text)
        if operator is not None and not (text in table.postfix and not self._starts_term(index + 1)):
            return self._aggregate(index) if self._is_aggregate(index, text) else self._infix(operator, index)
        if text in table.postfix:
            return self._infix(table.postfix[text], index)
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
        self.index = index + 1
        if self.roles is not None:
            self.roles[index] = operator
        if operator.right_priority < 0:
            self._apply_postfix(operator, index)
            return False
        operators.append((operator, index))
        if operator.name == "..":
            self.ranges = True
        return True

    def _apply_postfix(self, operator: Operator, index: int) -> None:
        left = self._operands.pop()
        start = left.span.start if left.span is not None else self.tokens.starts[index]
        span = Span(self.tokens.source, start, self.tokens.ends[index])
        self._operands.append(Compound(operator.name, (left,), span))

    def _is_aggregate(self, index: int, text: str) -> bool:
        """Whether this `<` is that of `sum<X>`, which stands alone as an argument."""
        if text != "<" or not self._open or self._open[-1].kind != "call":
            return False
        kinds, texts = self.tokens.kinds, self.tokens.texts
        aggregates = kinds[index - 1] == NAME and texts[index - 2] in (",", "(")
        return (
            aggregates
            and kinds[index + 1] == VARIABLE
            and texts[index + 2] == ">"
            and texts[index + 3] in (",", ")")
        )

    def note(self, operator: Operator, *indices: int) -> None:
        """Keep which operator some tokens are, where roles are kept."""
        if self.roles is not None:
            self.roles.update(dict.fromkeys(indices, operator))

    def _aggregate(self, index: int) -> bool:
        variable = self._constant(VARIABLE, index + 1)
        name = self._operands.pop()
        self.note(_AGGREGATES, index, index + 2)
        self._operands.append(Compound(AGGREGATE, (name, variable), self.tokens.span(index - 1, index + 2)))
        self.index = index + 3
        return False

    def _separator(self, frame: Bracket, text: str) -> bool:
        """A comma, a bar or a closing bracket inside a bracket: the current item is complete."""
        index = self.index
        if text in ")]":
            if text != frame.closing:
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

    def _close(self, frame: Bracket, index: int) -> None:
        """Replace a bracket's contents by the term they make."""
        self._open.pop()
        inner = self._operands.pop()
        span = self.tokens.span(frame.first, index)
        if frame.kind == "(":
            self._operands.append(placed(inner, span))
            return
        frame.items.append(inner)
        if frame.kind == "call":
            self._operands.append(Compound(frame.functor, tuple(frame.items), span))
        else:
            self._operands.append(list_term(frame.items, frame.has_tail, span))

    def _reduce(self) -> None:
        operator, index = self._operators.pop()
        operands, tokens = self._operands, self.tokens
        right = operands.pop()
        end = right.span.end if right.span is not None else tokens.ends[index]
        if operator.left_priority < 0:
            span = Span(tokens.source, tokens.starts[index], end)
            if operator.name == "-" and isinstance(right, Number):
                operands.append(Number(-right.value, span))
            else:
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

    def _broken_inside(self, frame: Bracket) -> Malformed:
        tokens, index = self.tokens, self.index
        if tokens.kinds[index] == BAD:
            return unreadable(tokens, index, self.first)
        if tokens.kinds[index] in (STOP, END_OF_TEXT) or tokens.starts_line(index):
            return unclosed_bracket(tokens, index, frame.bracket, self.first)
        return unexpected(tokens, index, self.first)
