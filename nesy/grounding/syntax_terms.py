"""Between the syntax tree and run-time terms, both ways, without recursion on depth."""

from __future__ import annotations

from functools import lru_cache

from nesy.grounding.terms import CONS, EMPTY_LIST, TermId, TermStore, variable
from nesy.language.operators import INFIX, PREFIX
from nesy.language.printer import term_text
from nesy.language.syntax import Atom, Compound, ListTerm, Number, String, Term, Variable
from nesy.language.tokens import is_plain_name
from nesy.logic.program import Value


def intern(store: TermStore, term: Term, numbering: dict[str, int]) -> TermId:
    """The run-time form of a syntax term; new variables are numbered on, in order of appearance."""
    results: list[TermId] = []
    # A work list of terms to convert and, as tuples, of constructors waiting for their arguments.
    work: list[Term | tuple[str, int]] = [term]
    while work:
        item = work.pop()
        if isinstance(item, tuple):
            functor, count = item
            args = tuple(results[len(results) - count :])
            del results[len(results) - count :]
            results.append(
                store.make_list(args[:-1], args[-1]) if functor == CONS else store.compound(functor, args)
            )
        elif isinstance(item, Variable):
            results.append(variable(numbering.setdefault(item.name, len(numbering))))
        elif isinstance(item, Compound):
            work.append((item.functor, len(item.args)))
            work.extend(reversed(item.args))
        elif isinstance(item, ListTerm):
            work.append((CONS, len(item.items) + 1))
            work.append(item.tail if item.tail is not None else Atom(EMPTY_LIST))
            work.extend(reversed(item.items))
        else:
            results.append(store.constant(item))
    return results[0]


def syntax(store: TermStore, term: TermId) -> Term:
    """The syntax tree of a run-time term; variables are named `_1`, `_2`, ..."""
    done: dict[TermId, Term] = {}
    stack = [term]
    while stack:
        current = stack[-1]
        if current in done:
            stack.pop()
            continue
        parts = _parts(store, current)
        missing = [p for p in parts if p not in done]
        if missing:
            stack.extend(missing)
            continue
        done[current] = _assemble(store, current, [done[p] for p in parts])
        stack.pop()
    return done[term]


def _parts(store: TermStore, term: TermId) -> list[TermId]:
    """What must be converted before a term: its arguments, or the items (and tail) of a list."""
    if term < 0:
        return []
    if store.functor(term) != (CONS, 2):
        return list(store.args[term])
    parts = []
    while store.functor(term) == (CONS, 2):
        item, term = store.args[term]
        parts.append(item)
    return [*parts, term]


def _assemble(store: TermStore, term: TermId, parts: list[Term]) -> Term:
    if term < 0:
        return Variable(f"_{-term}")
    head = store.heads[term]
    if not isinstance(head, str):
        return head
    if head != CONS:
        return Compound(head, tuple(parts))
    *items, tail = parts
    return ListTerm(tuple(items), None if tail == Atom(EMPTY_LIST) else tail)


def text(store: TermStore, term: TermId) -> str:
    """The canonical text of a term."""
    return term_text(syntax(store, term))


def atom_text(store: TermStore, name: str, args: tuple[TermId, ...]) -> str:
    """The canonical text of an atom of the logic."""
    if not args:
        return term_text(Atom(name))
    if _is_word(name):
        # Most atoms are words of words and numbers; the printer's care for operators is not needed.
        texts = [_plain_text(store, a) for a in args]
        plain = [t for t in texts if t is not None]
        if len(plain) == len(texts):
            return f"{name}({','.join(plain)})"
    return term_text(Compound(name, tuple(syntax(store, a) for a in args)))


def _plain_text(store: TermStore, term: TermId) -> str | None:
    """The text of a word or a number, remembered; None for other terms."""
    if term not in store.texts:
        head = store.heads[term] if term >= 0 else None
        if isinstance(head, Atom) and _is_word(head.name):
            store.texts[term] = head.name
        elif isinstance(head, Number):
            store.texts[term] = term_text(head)
        else:
            store.texts[term] = None
    return store.texts[term]


@lru_cache(maxsize=4096)
def _is_word(name: str) -> bool:
    """Whether a name is written bare and is no operator."""
    return is_plain_name(name) and name not in INFIX and name not in PREFIX


def value(store: TermStore, term: TermId) -> Value:
    """A term as users see it: numbers as numbers, strings and atoms by name, the rest as text."""
    head = store.heads[term]
    if isinstance(head, Number):
        return head.value
    if isinstance(head, Atom):
        return head.name
    return head.value if isinstance(head, String) else text(store, term)
