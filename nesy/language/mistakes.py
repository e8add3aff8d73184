"""What is probably wrong where the reader cannot go on: each function names one mistake.

All take token indices; `first` is the first token of the statement.
"""

from __future__ import annotations

from nesy.errors import Span
from nesy.language.malformed import Malformed
from nesy.language.misspellings import MISSPELLED, WORDS
from nesy.language.tokens import BAD, END, FUNCTOR, NAME, NUMBER, PUNCTUATION, STOP, VARIABLE, Tokens

_DOT_HINT = "every statement ends with a dot followed by a space or a new line"
_ARROWS = (":-", "<-")


def unexpected(tokens: Tokens, index: int, first: int) -> Malformed:
    """A complete term is followed by something that cannot follow it."""
    kind, text = tokens.kinds[index], tokens.texts[index]
    if kind == BAD or tokens.misspelled(index):
        return unreadable(tokens, index, first)
    before = index - 1
    if kind == END or _starts_statement(tokens, index, first):
        span = tokens.after(before)
        resume = None if kind == END else index
        return Malformed("missing-dot", "this statement does not end with a dot", span, _DOT_HINT, resume)
    if kind == PUNCTUATION and text in ")]":
        return Malformed(
            "unexpected-bracket", f"no bracket is open for `{text}` to close", tokens.span(index)
        )
    if text == "(":
        return _bracket_behind(tokens, index)
    if text in _ARROWS:
        return second_arrow(tokens, index)
    if text in WORDS and kind == NAME:
        return Malformed("unknown-operator", f"`{text}` is not an operator", tokens.span(index), WORDS[text])
    return _no_separator(tokens, index, first)


def _bracket_behind(tokens: Tokens, index: int) -> Malformed:
    before = index - 1
    name = tokens.texts[before]
    if tokens.kinds[before] == VARIABLE:
        lower = name[0].lower() + name[1:]
        return Malformed(
            "capital-predicate",
            f"`{name}` is a variable, because of its first letter, and takes no arguments",
            tokens.span(before),
            f"write {lower}(...), or '{name}'(...) to keep the capital",
        )
    if tokens.kinds[before] == NAME:
        return Malformed(
            "space-before-bracket",
            f"there is a space between `{name}` and its arguments",
            tokens.span(index),
            f"write {name}(...)",
        )
    return _no_separator(tokens, index, index)


def second_arrow(tokens: Tokens, index: int) -> Malformed:
    """`:-` or `<-` where a rule has one already, or inside a body."""
    text = tokens.texts[index]
    if text == "<-" and tokens.kinds[index + 1] == NUMBER:
        hint = "`less than minus one` is written with a space: X < -1"
    else:
        hint = "does the statement before end with a comma instead of a dot?"
    return Malformed(
        "second-arrow", f"a rule has one arrow; this `{text}` is too many", tokens.span(index), hint
    )


def _no_separator(tokens: Tokens, index: int, first: int) -> Malformed:
    text = tokens.texts[index]
    if tokens.kinds[first] == NUMBER and index == first + 1:
        hint = "a probability is followed by `::`, as in 0.3::rain."
    elif text == "|":
        hint = "alternatives are separated by `;`"
    elif text == "::":
        hint = "a clause's alternatives are separated by `;`, as in 0.3::a; 0.7::b."
    else:
        hint = "is a comma or a dot missing before it?"
    return Malformed("unexpected-token", f"`{text}` cannot stand here", tokens.span(index), hint)


def _starts_statement(tokens: Tokens, index: int, first: int) -> bool:
    """Whether a token looks like the start of a statement: a new line, indented no deeper than the last."""
    if not tokens.starts_line(index) or tokens.kinds[index] == PUNCTUATION:
        return False
    return tokens.position(index)[1] <= tokens.position(first)[1]


def missing_operand(tokens: Tokens, index: int, bracket: int | None, first: int) -> Malformed:
    """A term should start here. `bracket`: the innermost open bracket, if any."""
    kind, text = tokens.kinds[index], tokens.texts[index]
    if kind == BAD or tokens.misspelled(index):
        return unreadable(tokens, index, first)
    before = index - 1
    previous = tokens.texts[before] if index > first else ""
    closes = kind in (STOP, END) or (kind == PUNCTUATION and text in ")]")
    if previous == "," and tokens.kinds[before] == PUNCTUATION and closes:
        return Malformed(
            "dangling-comma",
            "nothing follows this comma",
            tokens.span(before),
            "remove the comma, or write what is missing behind it",
        )
    if previous in _ARROWS and closes:
        return Malformed(
            "empty-body",
            f"nothing follows `{previous}`",
            tokens.span(before),
            "a fact has no arrow: head.",
        )
    if kind in (STOP, END) and bracket is not None:
        return unclosed_bracket(tokens, index, bracket, first)
    if previous == "(" and text == ")":
        return _empty_brackets(tokens, index)
    if closes and previous:
        return Malformed(
            "missing-operand",
            f"nothing follows `{previous}`",
            tokens.span(before),
            "a statement ends with one dot" if previous == ".." else "write what is missing behind it",
        )
    return _no_term(tokens, index)


def _empty_brackets(tokens: Tokens, index: int) -> Malformed:
    name = (
        tokens.texts[index - 2] if index >= 2 and tokens.ends[index - 2] == tokens.starts[index - 1] else ""
    )
    hint = f"an atom without arguments has no brackets: {name}" if name else None
    return Malformed(
        "empty-brackets", "nothing stands inside the brackets", tokens.span(index - 1, index), hint
    )


def _no_term(tokens: Tokens, index: int) -> Malformed:
    if tokens.kinds[index] == STOP:
        return Malformed(
            "empty-statement", "this dot ends no statement", tokens.span(index), "remove the second dot"
        )
    text = tokens.texts[index]
    return Malformed("missing-operand", f"nothing stands before `{text}`", tokens.span(index))


def unclosed_bracket(tokens: Tokens, index: int, bracket: int, first: int) -> Malformed:
    """The statement ends, or the next one seems to start, before a bracket is closed."""
    text = tokens.texts[bracket]
    resume = index if _starts_statement(tokens, index, first) else None
    return Malformed(
        "unclosed-bracket",
        f"this `{text}` is never closed",
        tokens.span(bracket),
        f"add the missing `{')' if text == '(' else ']'}`",
        resume,
    )


def mismatched_bracket(tokens: Tokens, index: int, bracket: int) -> Malformed:
    """A bracket is closed by one of another kind."""
    line, column = tokens.position(bracket)
    return Malformed(
        "mismatched-bracket",
        f"`{tokens.texts[index]}` closes the `{tokens.texts[bracket]}` of line {line}, column {column}",
        tokens.span(index),
        f"write `{')' if tokens.texts[bracket] == '(' else ']'}`",
    )


def clash(tokens: Tokens, index: int, other: int | None) -> Malformed:
    """An operator cannot stand beside another one without parentheses."""
    text = tokens.texts[index]
    if text in _ARROWS:
        return second_arrow(tokens, index)
    if other is None:
        message = f"`{text}` binds too loosely to stand here"
    elif tokens.texts[other] == text:
        message = f"`{text}` cannot be chained"
    else:
        message = f"`{tokens.texts[other]}` and `{text}` cannot stand side by side"
    return Malformed("operator-clash", message, tokens.span(index), _clash_hint(tokens, text, other))


def _clash_hint(tokens: Tokens, text: str, other: int | None) -> str:
    around = {text, tokens.texts[other]} if other is not None else {text}
    if around & {"<", ">", "=<", ">=", "=", "=:="} and "\\+" not in around and "not" not in around:
        return "compare two by two: X < Y, Y < Z"
    if "::" in around and "," in around:
        return "one statement each: 0.3::a. 0.4::b.   alternatives: 0.3::a; 0.4::b."
    return "use parentheses to say which is meant"


def unreadable(tokens: Tokens, index: int, first: int) -> Malformed:
    """A token that is no token of the language."""
    text, span = tokens.texts[index], tokens.span(index)
    if tokens.kinds[index] != BAD:
        return _misspelled(tokens, index)
    if text.startswith("/*"):
        opening = Span(span.source, span.start, span.start + 2)
        return Malformed("unclosed-comment", "this comment is never closed", opening, "close it with */")
    if text[0] in "'\"":
        return _unclosed_quote(tokens, index, first)
    if text == ".":
        return _bad_dot(tokens, index)
    hint = "write plain quotes: 'text'" if text in "‘’“”„«»`" else None  # noqa: RUF001
    return Malformed("unknown-character", f"`{text}` has no meaning here", span, hint)


def _unclosed_quote(tokens: Tokens, index: int, first: int) -> Malformed:
    start = tokens.starts[index]
    # The token runs to the end of its line, so the statement's dot is lost; the next line may be sound.
    resume = index + 1 if _starts_statement(tokens, index + 1, first) else None
    return Malformed(
        "unclosed-quote",
        "this quote is never closed",
        Span(tokens.source, start, start + 1),
        "close it on the same line; a quote inside is written twice, a line break \\n",
        resume,
    )


def _bad_dot(tokens: Tokens, index: int) -> Malformed:
    touching = index > 0 and tokens.ends[index - 1] == tokens.starts[index]
    if tokens.kinds[index + 1] == NUMBER and not touching:
        hint = f"write 0.{tokens.texts[index + 1]}"
        return Malformed("malformed-number", "a number starts with a digit", tokens.span(index), hint)
    return Malformed(
        "missing-space",
        "a dot that ends a statement is followed by a space or a new line",
        tokens.span(index),
        "put a space behind the dot",
        resume=index + 1,
    )


def _misspelled(tokens: Tokens, index: int) -> Malformed:
    text = tokens.texts[index]
    if text != "!":
        message = f"`{text}` is not an operator"
        return Malformed("unknown-operator", message, tokens.span(index), MISSPELLED[text])
    if tokens.starts[index + 1] == tokens.ends[index] and tokens.kinds[index + 1] in (NAME, FUNCTOR):
        return Malformed(
            "unknown-operator", "`!` is not an operator", tokens.span(index), r"negation is written `\+`"
        )
    return Malformed("unsupported-cut", "cuts are not supported", tokens.span(index), MISSPELLED[text])
