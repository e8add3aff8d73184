"""Texts joined and taken apart: parts of a text, lists of texts, terms and their texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nesy.grounding.builtins.invocation import NO, Entry, Invocation, characters, entry
from nesy.grounding.builtins.reading import read_number, read_term
from nesy.grounding.builtins.texts import Make, a_string, an_atom
from nesy.grounding.rules import Builtin
from nesy.grounding.syntax_terms import text as written
from nesy.grounding.terms import Args
from nesy.grounding.unification import canonical, fresh_number
from nesy.language.syntax import Indicator, String


def _parts(name: str, make: Make) -> Entry:
    """sub_atom/5 and sub_string/5: a part of a text, and how many characters stand around it."""

    def solve(call: Invocation) -> Iterable[Args]:
        whole, part = call.text(0), call.text_if_bound(4)
        number = call.store.number
        for start, length in _places(call, whole, part):
            made = make(call.store, whole[start : start + length])
            if part is not None:
                made = call[4]
            after = len(whole) - start - length
            yield call.where((1, number(start)), (2, number(length)), (3, number(after)), (4, made))

    return entry(name, 5, solve)


def _places(call: Invocation, whole: str, part: str | None) -> Iterator[tuple[int, int]]:
    """Where a part may start, and how long it may be, by what the call says of it."""
    before, length, after = (call.integer_if_bound(i) for i in (1, 2, 3))
    if part is not None:
        start = whole.find(part)
        while start >= 0:
            yield start, len(part)
            start = whole.find(part, start + 1)
    elif length is not None and before is None and after is not None:
        yield from _within(whole, [len(whole) - after - length], [length])
    else:
        starts = range(len(whole) + 1) if before is None else [before]
        for start in starts:
            if length is not None:
                yield from _within(whole, [start], [length])
            elif after is not None:
                yield from _within(whole, [start], [len(whole) - after - start])
            else:
                yield from _within(whole, [start], range(len(whole) - start + 1))


def _within(whole: str, starts: Iterable[int], lengths: Iterable[int]) -> Iterator[tuple[int, int]]:
    for start in starts:
        for length in lengths:
            if start >= 0 and length >= 0 and start + length <= len(whole):
                yield start, length


def _texts(call: Invocation, position: int) -> list[str]:
    """The texts of a closed list of constants."""
    found = _texts_if_bound(call, position)
    if found is None:
        raise call.refusal(position, "a closed list of atoms, strings and numbers")
    return found


def _texts_if_bound(call: Invocation, position: int) -> list[str] | None:
    """As `_texts`, and None where the list or an item is not bound."""
    items = call.store.list_items(call[position])
    if items is None or any(item < 0 for item in items):
        return None
    texts = []
    for item in items:
        text = characters(call.store, item)
        if text is None:
            raise call.refused(f"argument {position + 1} must hold atoms, strings and numbers", item)
        texts.append(text)
    return texts


def _concat_list(call: Invocation) -> Iterable[Args]:
    return call.only((1, an_atom(call.store, "".join(_texts(call, 0)))))


def _concat_separated(call: Invocation) -> Iterable[Args]:
    """atomic_list_concat/3: joins a list; takes a text apart where the list is not bound."""
    separator = call.text(1)
    texts = _texts_if_bound(call, 0)
    if texts is not None:
        return call.only((2, an_atom(call.store, separator.join(texts))))
    if not separator:
        raise call.refusal(1, "not empty where argument 1 holds what is not bound")
    whole = call.text(2, "bound where argument 1 is not")
    return call.only((0, call.store.make_list(an_atom(call.store, t) for t in whole.split(separator))))


def _join(call: Invocation) -> Iterable[Args]:
    return call.only((2, an_atom(call.store, call.text(0).join(_texts(call, 1)))))


def _split_string(call: Invocation) -> Iterable[Args]:
    """split_string/4: at any of the separators, with the padding taken off every part."""
    whole, separators, padding = call.text(0), call.text(1), call.text(2)
    parts, start = [], 0
    for i, character in enumerate(whole):
        if character in separators:
            parts.append(whole[start:i])
            start = i + 1
    parts.append(whole[start:])
    stripped = (part.strip(padding) if padding else part for part in parts)
    return call.only((3, call.store.make_list(a_string(call.store, p) for p in stripped)))


def _letters(call: Invocation) -> Iterable[Args]:
    return call.only((1, call.store.make_list(an_atom(call.store, c) for c in call.text(0))))


def _whole_number(call: Invocation) -> Iterable[Args]:
    """str2int/2."""
    value = read_number(call.text(0))
    return call.only((1, call.store.number(value))) if isinstance(value, int) else NO


def _text_concat(call: Invocation) -> Iterable[Args]:
    """text_concat/3: both together; a string where one of them is."""
    both = call.text(0) + call.text(1)
    strings = any(isinstance(call.store.heads[call[i]], String) for i in (0, 1))
    return call.only((2, (a_string if strings else an_atom)(call.store, both)))


def _term(call: Invocation, term: int, text: int, make: Make) -> Iterable[Args]:
    """A term and its text. A text that is bound is read, as it may be written in many ways."""
    store = call.store
    given = call.text_if_bound(text)
    if given is None:
        if call[term] < 0:
            raise call.refusal(term, f"bound where argument {text + 1} is not")
        return call.only((text, make(store, written(store, canonical(store, (call[term],))[0]))))
    read = read_term(store, given, fresh_number(store, call.args))
    if read is None:
        raise call.refusal(text, "the text of a term")
    return call.only((term, read))


TABLE: dict[Indicator, Builtin] = dict(
    (
        _parts("sub_atom", an_atom),
        _parts("sub_string", a_string),
        entry("atomic_list_concat", 2, _concat_list),
        entry("atomic_list_concat", 3, _concat_separated),
        entry("split_string", 4, _split_string),
        entry("text_concat", 3, _text_concat),
        entry("concat", 2, _concat_list),
        entry("join", 3, _join),
        entry("str2lst", 2, _letters),
        entry("lst2str", 2, _concat_list),
        entry("str2int", 2, _whole_number),
        entry("term_to_atom", 2, lambda call: _term(call, 0, 1, an_atom)),
        entry("term_string", 2, lambda call: _term(call, 1, 0, a_string)),
    )
)
