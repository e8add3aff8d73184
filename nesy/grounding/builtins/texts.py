"""Atoms and strings as texts: their characters, numbers and terms, joined and taken apart.

Where a predicate reads text, an atom, a string and a number are all texts. What it makes is an atom
if it is a predicate of atoms, and a string if it is one of strings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nesy.grounding.builtins.invocation import NO, Entry, Invocation, characters, entry
from nesy.grounding.builtins.reading import read_number
from nesy.grounding.rules import Builtin
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.language.syntax import Atom, Indicator, Number, String

Make = Callable[[TermStore, str], TermId]
"""Makes a constant of a text."""


def an_atom(store: TermStore, text: str) -> TermId:
    """The atom of that name."""
    return store.constant(Atom(text))


def a_string(store: TermStore, text: str) -> TermId:
    """The string of these characters."""
    return store.constant(String(text))


def a_number(store: TermStore, text: str) -> TermId | None:
    """The number that a text writes, if it writes one."""
    value = read_number(text)
    return None if value is None else store.constant(Number(value))


def _code(store: TermStore, character: str) -> TermId:
    return store.constant(Number(ord(character)))


def text_of_list(call: Invocation, position: int, *, codes: bool) -> str | None:
    """The text of a list of characters or character codes; None where it is not bound so far.

    codes: a number from 0 to 9 is a code; else it is the digit.
    """
    items = call.store.list_items(call[position])
    if items is None or any(i < 0 for i in items):
        return None
    return "".join(_character(call, item, codes=codes) for item in items)


def _character(call: Invocation, item: TermId, *, codes: bool) -> str:
    code = call.store.number_value(item)
    if isinstance(code, int) and _is_code(code) and (codes or code > 9):
        return chr(code)
    found = characters(call.store, item)
    if found is None or len(found) != 1:
        raise call.refused("a list of text must hold characters or their codes", item)
    return found


def _is_code(code: int) -> bool:
    """Whether a number is the code of a character that can be written."""
    return 0 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF


def _split(name: str, part: Make, whole: Make) -> Entry:
    """A text and the list of its characters or codes, either way."""

    def solve(call: Invocation) -> Iterable[Args]:
        text = call.text_if_bound(0)
        if text is not None:
            return call.only((1, call.store.make_list(part(call.store, c) for c in text)))
        listed = text_of_list(call, 1, codes=part is _code)
        if listed is None:
            raise call.refusal(1, "a closed list of characters or codes where argument 1 is not bound")
        return call.only((0, whole(call.store, listed)))

    return entry(name, 2, solve)


def _number_split(name: str, part: Make) -> Entry:
    """A number and the list of its characters or codes; fails where these write no number."""

    def solve(call: Invocation) -> Iterable[Args]:
        listed = text_of_list(call, 1, codes=part is _code)
        if listed is not None:
            value = a_number(call.store, listed)
            return NO if value is None else call.only((0, value))
        if call.store.number_value(call[0]) is None:
            raise call.refusal(0, "a number where argument 2 is no list of characters")
        return call.only((1, call.store.make_list(part(call.store, c) for c in call.text(0))))

    return entry(name, 2, solve)


def _length(name: str) -> Entry:
    def solve(call: Invocation) -> Iterable[Args]:
        call.integer_if_bound(1)
        return call.only((1, call.store.number(len(call.text(0)))))

    return entry(name, 2, solve)


def _char_code(call: Invocation) -> Iterable[Args]:
    if call[0] >= 0:
        character = call.text(0)
        if len(character) != 1:
            raise call.refusal(0, "one character")
        return call.only((1, _code(call.store, character)))
    code = call.integer(1, "a character's code where argument 1 is not bound")
    if not _is_code(code):
        raise call.refusal(1, "a character's code")
    return call.only((0, an_atom(call.store, chr(code))))


def _convert(name: str, left: Make, right: Make) -> Entry:
    """Two constants of the same text: the second from the first, or the first from the second."""

    def solve(call: Invocation) -> Iterable[Args]:
        text = call.text_if_bound(0)
        if text is not None:
            return call.only((1, right(call.store, text)))
        return call.only((0, left(call.store, call.text(1, "bound where argument 1 is not"))))

    return entry(name, 2, solve)


def _atom_number(call: Invocation) -> Iterable[Args]:
    return _number_of(call, 0, 1, an_atom)


def _number_string(call: Invocation) -> Iterable[Args]:
    return _number_of(call, 1, 0, a_string)


def _number_of(call: Invocation, text: int, value: int, make: Make) -> Iterable[Args]:
    """A text and the number it writes; fails where it writes none."""
    given = call.text_if_bound(text)
    if given is not None:
        found = a_number(call.store, given)
        return NO if found is None else call.only((value, found))
    if call.store.number_value(call[value]) is None:
        raise call.refusal(value, f"a number where argument {text + 1} is not bound")
    return call.only((text, make(call.store, call.text(value))))


def _changed(name: str, make: Make, change: Callable[[str], str]) -> Entry:
    def solve(call: Invocation) -> Iterable[Args]:
        return call.only((1, make(call.store, change(call.text(0)))))

    return entry(name, 2, solve)


def _concat(name: str, make: Make) -> Entry:
    """Two texts and both of them together; where only the whole is known, every way to split it."""

    def solve(call: Invocation) -> Iterable[Args]:
        front, back = call.text_if_bound(0), call.text_if_bound(1)
        store = call.store
        if front is not None and back is not None:
            return call.only((2, make(store, front + back)))
        whole = call.text(2, "bound where one of the others is not")
        if front is not None:
            if not whole.startswith(front):
                return NO
            return call.only((1, make(store, whole[len(front) :])))
        if back is not None:
            rest = whole[: len(whole) - len(back)]
            return call.only((0, make(store, rest))) if whole.endswith(back) else NO
        return (
            call.where((0, make(store, whole[:i])), (1, make(store, whole[i:])))
            for i in range(len(whole) + 1)
        )

    return entry(name, 3, solve)


TABLE: dict[Indicator, Builtin] = dict(
    (
        _split("atom_codes", _code, an_atom),
        _split("atom_chars", an_atom, an_atom),
        _split("string_codes", _code, a_string),
        _split("string_chars", an_atom, a_string),
        _number_split("number_codes", _code),
        _number_split("number_chars", an_atom),
        _length("atom_length"),
        _length("string_length"),
        entry("char_code", 2, _char_code),
        entry("atom_number", 2, _atom_number),
        _convert("atom_string", an_atom, a_string),
        _convert("string_to_atom", a_string, an_atom),
        _changed("upcase_atom", an_atom, str.upper),
        _changed("downcase_atom", an_atom, str.lower),
        _changed("string_upper", a_string, str.upper),
        _changed("string_lower", a_string, str.lower),
        _concat("atom_concat", an_atom),
        _concat("string_concat", a_string),
        entry("number_string", 2, _number_string),
    )
)
