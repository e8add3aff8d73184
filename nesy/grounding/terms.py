"""Terms at run time: hash-consed integers, so that equality is one comparison and depth costs nothing.

A term id of 0 or more stands for an interned constant or compound. A negative id is a variable,
numbered within whatever holds it (a clause's frame, or the canonical form of a call).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NewType, Union, final

from nesy.language.syntax import Atom, Number, String

TermId = NewType("TermId", int)
Args = tuple[TermId, ...]
Constant = Union[Atom, Number, String]
CONS = "[|]"
EMPTY_LIST = "[]"


def variable(index: int) -> TermId:
    """The id of variable number `index`."""
    return TermId(-1 - index)


@final
class TermStore:
    """All terms of one grounding. Interning a term costs O(its number of arguments)."""

    __slots__ = ("_index", "args", "ground", "heads", "numbers", "texts")

    def __init__(self) -> None:
        self.heads: list[Constant | str] = []
        """A constant's syntax node, or a compound's functor."""
        self.args: list[Args] = []
        self.ground: list[bool] = []
        self.numbers: dict[TermId, int | float] = {}
        """The value of each number."""
        self.texts: dict[TermId, str | None] = {}
        """The text of each constant that needs no care as an argument, None for others; filled as asked."""
        self._index: dict[object, TermId] = {}

    def constant(self, constant: Constant) -> TermId:
        """The id of a constant; `1`, `1.0`, `'1'` and `"1"` are four."""
        if not isinstance(constant, Number):
            return self._intern(constant, constant, (), ground=True)
        value = constant.value
        # -0.0 == 0.0 in Python, yet they print and divide differently: repr keeps them apart.
        key: object = (float, repr(value)) if isinstance(value, float) else value
        found = self._intern(key, constant, (), ground=True)
        self.numbers[found] = value
        return found

    def atom(self, name: str) -> TermId:
        """The id of an atom."""
        return self.constant(Atom(name))

    def number(self, value: int | float) -> TermId:
        """The id of a number."""
        if isinstance(value, int):
            found = self._index.get(value)
            if found is not None:
                return found
        return self.constant(Number(value))

    def compound(self, functor: str, args: Args) -> TermId:
        """The id of a compound term."""
        key = (functor, args)
        found = self._index.get(key)
        if found is not None:
            return found
        ground = self.ground
        return self._intern(key, functor, args, ground=all(a >= 0 and ground[a] for a in args))

    def make_list(self, items: Iterable[TermId], tail: TermId | None = None) -> TermId:
        """The id of a list of the items, closed unless a tail is given."""
        result = self.atom(EMPTY_LIST) if tail is None else tail
        for item in reversed(tuple(items)):
            result = self.compound(CONS, (item, result))
        return result

    def is_ground(self, term: TermId) -> bool:
        """Whether a term holds no variable."""
        return term >= 0 and self.ground[term]

    def is_atom(self, term: TermId, name: str) -> bool:
        """Whether a term is the atom of that name."""
        if term < 0:
            return False
        head = self.heads[term]
        return isinstance(head, Atom) and head.name == name

    def number_value(self, term: TermId) -> int | float | None:
        """The value of a number, else None."""
        head = self.heads[term] if term >= 0 else None
        return head.value if isinstance(head, Number) else None

    def functor(self, term: TermId) -> tuple[str, int] | None:
        """The (functor, arity) of a compound, else None."""
        if term < 0 or not self.args[term]:
            return None
        return str(self.heads[term]), len(self.args[term])

    def list_items(self, term: TermId) -> list[TermId] | None:
        """The items of a closed list, else None. Cost: O(length)."""
        items: list[TermId] = []
        while self.functor(term) == (CONS, 2):
            item, term = self.args[term]
            items.append(item)
        return items if self.is_atom(term, EMPTY_LIST) else None

    def variables(self, terms: Iterable[TermId]) -> Iterator[TermId]:
        """The variables of terms, left to right, each once. Cost: O(distinct non-ground subterms)."""
        seen: set[TermId] = set()
        stack = list(terms)[::-1]
        while stack:
            term = stack.pop()
            if self.is_ground(term) or term in seen:
                continue
            seen.add(term)
            if term < 0:
                yield term
            else:
                stack.extend(reversed(self.args[term]))

    def map_variables(self, term: TermId, replace: Callable[[TermId], TermId]) -> TermId:
        """A term with each variable replaced. Ground parts are shared. Cost: O(non-ground part)."""
        if term < 0:
            return replace(term)
        if self.ground[term]:
            return term
        # Iterative: a list of 100,000 variables nests 100,000 deep.
        done: dict[TermId, TermId] = {}
        stack = [term]
        while stack:
            current = stack[-1]
            if current in done:
                stack.pop()
                continue
            missing = [a for a in self.args[current] if not self._mapped(a, done)]
            if missing:
                stack.extend(missing)
                continue
            args = tuple(self._image(a, done, replace) for a in self.args[current])
            done[current] = self.compound(str(self.heads[current]), args)
            stack.pop()
        return done[term]

    def _mapped(self, term: TermId, done: dict[TermId, TermId]) -> bool:
        return term < 0 or self.ground[term] or term in done

    def _image(self, term: TermId, done: dict[TermId, TermId], replace: Callable[[TermId], TermId]) -> TermId:
        if term < 0:
            return replace(term)
        return term if self.ground[term] else done[term]

    def _intern(self, key: object, head: Constant | str, args: Args, *, ground: bool) -> TermId:
        found = self._index.get(key)
        if found is None:
            found = TermId(len(self.heads))
            self.heads.append(head)
            self.args.append(args)
            self.ground.append(ground)
            self._index[key] = found
        return found
