"""What people write out of habit from other languages, and what it is called here."""

from __future__ import annotations

_UNEQUAL = r"unequal terms are `X \= Y`, unequal numbers `X =\= Y`"
_AND = "`and` is written `,`: a :- b, c."
_OR = "`or` is written `;`: a :- b ; c."
_ARROW = "a rule is written from its conclusion: head :- body."

MISSPELLED: dict[str, str] = {
    "=>": "`at least` is `>=`; " + _ARROW,
    "<=": "`at most` is `=<`; " + _ARROW,
    "==>": _ARROW,
    "<==": _ARROW,
    "<->": "write two rules, one for each direction",
    "<=>": "write two rules, one for each direction",
    "-->": "grammar rules are not supported; " + _ARROW,
    "!=": _UNEQUAL,
    "!==": _UNEQUAL,
    "<>": _UNEQUAL,
    "=/=": _UNEQUAL,
    "===": "identical terms are `X == Y`, equal numbers `X =:= Y`",
    "&": _AND,
    "&&": _AND,
    "||": _OR,
    ":=": "a computed value is `X is Expression`; a rule is `head :- body.`",
    "!": r"say with `\+` when the other clauses do not apply: a :- c, x. a :- \+c, y.",
    "~": r"negation is written `\+`",
    "¬": r"negation is written `\+`",
    "∧": _AND,
    "∨": _OR,  # noqa: RUF001
    "←": "the arrow is written `:-`",
    "→": _ARROW,
    "≠": _UNEQUAL,
    "≤": "`at most` is written `=<`",
    "≥": "`at least` is written `>=`",
    "?-": "a question is written query(atom).",
    "...": "a range is written with two dots: 0..9",
    "*->": "only `->` is known: (condition -> then ; else)",
    "{": "use round brackets",
    "}": "use round brackets",
    ";;": "annotated disjunctions use one `;`",
}
"""Spellings that are read as one token only to be refused, and the remedy of each."""

WORDS: dict[str, str] = {
    "and": _AND,
    "or": _OR,
    "if": _ARROW.replace("from its conclusion", "with `:-`"),
    "when": _ARROW.replace("from its conclusion", "with `:-`"),
    "then": _ARROW,
    "implies": _ARROW,
    "else": "write one rule for each case",
    "in": "membership is member(X, List); whole numbers are between(Low, High, X)",
    "where": "conditions stand in the body: head :- body, condition.",
}
"""Words that people write between atoms, and what is written here."""
