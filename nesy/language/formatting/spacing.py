"""Whether a space stands between two tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from nesy.language.operators import NEGATIONS, Operator
from nesy.language.tokens import FUNCTOR, NUMBER, STOP, SYMBOLS, Tokens

_LOOSE_PRIORITY = 500
"""Operators of this priority and above stand between spaces: `X is 2*Y + 1`, `a :- b`."""
_TIGHT = frozenset({"::", "..", ":"})


@final
@dataclass(frozen=True)
class Spacing:
    """The spaces between the tokens of one text.

    roles: which tokens are operators, and which operator each is, as the reader found.
    """

    tokens: Tokens
    roles: dict[int, Operator]

    def before(self, index: int) -> str:
        """The space between a token and the one before it, of the same statement: one or none."""
        return " " if self._wanted(index) or self._needed(index) else ""

    def _wanted(self, index: int) -> bool:
        texts, roles = self.tokens.texts, self.roles
        left, right = texts[index - 1], texts[index]
        if self.tokens.kinds[index - 1] == FUNCTOR and index - 1 not in roles:
            return False
        if right in (",", ")", "]", "|") or left in ("(", "[", "|") or self.tokens.kinds[index] == STOP:
            return False
        if left in (",", ";"):
            return True
        if right == ";":
            return False
        if index - 1 in roles:
            return self._behind(roles[index - 1], index)
        return index in roles and self._is_loose(roles[index])

    def _behind(self, operator: Operator, index: int) -> bool:
        """Whether a space follows an operator."""
        if operator.left_priority >= 0:
            return self._is_loose(operator)
        if operator.name[0].isalpha():
            return True
        behind = self.tokens.texts[index]
        if self.tokens.kinds[index] == NUMBER:
            return not self._touch(index)  # -2 is a number, - 2 a sign and a number
        return behind == "(" and operator.name not in NEGATIONS

    @staticmethod
    def _is_loose(operator: Operator) -> bool:
        if operator.name in _TIGHT:
            return False
        return operator.priority >= _LOOSE_PRIORITY or operator.name[0].isalpha()

    def _needed(self, index: int) -> bool:
        """Whether two tokens would be read as others if they touched."""
        if self._touch(index):
            return False
        left, right = self.tokens.texts[index - 1], self.tokens.texts[index]
        if self._is_word(left[-1]) and self._is_word(right[0]):
            return True
        if right == "(":
            return index - 1 not in self.roles and left not in ("(", "[", ",", "|")
        together = left + right
        symbols = (*SYMBOLS, "/*", *self.tokens.operators.symbols)
        return any(len(s) > len(left) and together.startswith(s) for s in symbols) or (
            right[0] == "." and not self._is_word(left[-1]) and left not in (")", "]")
        )

    def _touch(self, index: int) -> bool:
        return self.tokens.ends[index - 1] == self.tokens.starts[index]

    @staticmethod
    def _is_word(character: str) -> bool:
        return character.isalnum() or character in "_'\""
