"""The built-in predicates that are solved at once: tests, unification, arithmetic, ranges, lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nesy.errors import GroundingError, Span
from nesy.grounding.arithmetic import Numeric, computed, evaluate
from nesy.grounding.order import compare
from nesy.grounding.rules import Builtin
from nesy.grounding.syntax_terms import text
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.grounding.unification import Unifier
from nesy.language.syntax import Atom, Indicator, Number, String

NO: tuple[Args, ...] = ()


def _wrong_mode(name: str, why: str, span: Span | None) -> GroundingError:
    return GroundingError(
        "call-mode",
        f"{name} {why}",
        span=span,
        hint="put the goal that binds the argument before this one",
    )


def _test(holds: Callable[[TermStore, Args], bool]) -> Builtin:
    """A built-in that binds nothing."""

    def run(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
        return (args,) if holds(store, args) else NO

    return run


def _comparison(holds: Callable[[Numeric, Numeric], bool]) -> Builtin:
    """A comparison of the values of two arithmetic expressions."""

    def run(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
        left, right = (evaluate(store, a, span) for a in args)
        return (args,) if holds(left, right) else NO

    return run


def _ordering(holds: Callable[[int], bool]) -> Builtin:
    """A comparison by the standard order of terms."""
    return _test(lambda store, args: holds(compare(store, args[0], args[1])))


def _unify(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
    unifier = Unifier(store)
    if not unifier.unify(args[0], args[1]):
        return NO
    both = unifier.resolve(args[0])
    # Each variable must be bound in the caller, also those within the two terms.
    return ((both, both),)


def _not_unifiable(store: TermStore, args: Args) -> bool:
    return not Unifier(store).unify(args[0], args[1])


def _is(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
    return ((store.number(evaluate(store, args[1], span)), args[1]),)


def _integer(store: TermStore, term: TermId, name: str, span: Span | None) -> int:
    found = store.number_value(term)
    if isinstance(found, int):
        return found
    if term < 0:
        raise _wrong_mode(name, "needs this argument bound to an integer", span)
    raise GroundingError("not-an-integer", f"{name} needs an integer, not {text(store, term)}", span=span)


def _between(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
    low = _integer(store, args[0], "between/3", span)
    unbounded = store.is_atom(args[1], "inf") or store.is_atom(args[1], "infinite")
    if args[2] >= 0:
        value = _integer(store, args[2], "between/3", span)
        high = value if unbounded else _integer(store, args[1], "between/3", span)
        return (args,) if low <= value <= high else NO
    if unbounded:
        raise _wrong_mode("between/3", "without an upper bound needs its third argument bound", span)
    high = _integer(store, args[1], "between/3", span)
    return ((args[0], args[1], store.number(v)) for v in range(low, high + 1))


def _closed_list(store: TermStore, term: TermId, name: str, span: Span | None) -> list[TermId]:
    items = store.list_items(term)
    if items is None:
        raise _wrong_mode(name, f"needs a closed list, not {text(store, term)}", span)
    return items


def _member(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
    items = _closed_list(store, args[1], "member/2", span)
    ground = store.is_ground(args[0])
    return [(i, args[1]) for i in items if not ground or i == args[0] or not store.is_ground(i)]


def _append(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
    front, back, whole = args
    items = store.list_items(front)
    if items is not None:
        return ((front, back, store.make_list(items, back)),)
    parts = store.list_items(whole)
    if parts is None:
        raise _wrong_mode("append/3", "needs its first or its last argument closed", span)
    return [(store.make_list(parts[:i]), store.make_list(parts[i:]), whole) for i in range(len(parts) + 1)]


def _length(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
    items = _closed_list(store, args[0], "length/2", span)
    return ((args[0], store.number(len(items))),)


def _nth(first: int, name: str) -> Builtin:
    def run(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
        items = _closed_list(store, args[1], name, span)
        if args[0] < 0:
            return ((store.number(i + first), args[1], item) for i, item in enumerate(items))
        index = _integer(store, args[0], name, span) - first
        return ((args[0], args[1], items[index]),) if 0 <= index < len(items) else NO

    return run


def _sum_list(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
    numbers = [evaluate(store, i, span) for i in _closed_list(store, args[0], "sum_list/2", span)]
    return ((args[0], store.number(computed(store, args[0], lambda: sum(numbers), span))),)


def _extreme(choose: Callable[[list[Numeric]], Numeric], name: str) -> Builtin:
    def run(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
        values = [evaluate(store, i, span) for i in _closed_list(store, args[0], name, span)]
        return ((args[0], store.number(choose(values))),) if values else NO

    return run


def _reverse(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
    items = _closed_list(store, args[0], "reverse/2", span)
    return ((args[0], store.make_list(items[::-1])),)


def _succ(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
    if args[0] >= 0:
        return ((args[0], store.number(_integer(store, args[0], "succ/2", span) + 1)),)
    return ((store.number(_integer(store, args[1], "succ/2", span) - 1), args[1]),)


def _plus(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
    unbound = [i for i, a in enumerate(args) if a < 0]
    if len(unbound) > 1:
        raise _wrong_mode("plus/3", "needs two of its arguments bound", span)
    a, b, c = (0 if arg < 0 else _integer(store, arg, "plus/3", span) for arg in args)
    if unbound == [0]:
        a = c - b
    elif unbound == [1]:
        b = c - a
    else:
        return ((args[0], args[1], store.number(a + b)),)
    return ((store.number(a), store.number(b), args[2]),)


def _is_constant(*kinds: type) -> Builtin:
    return _test(lambda store, args: args[0] >= 0 and isinstance(store.heads[args[0]], kinds))


def _is_number(kind: type) -> Builtin:
    return _test(lambda store, args: isinstance(store.number_value(args[0]), kind))


BUILTINS: dict[Indicator, Builtin] = {
    ("true", 0): _test(lambda *_: True),
    ("fail", 0): _test(lambda *_: False),
    ("false", 0): _test(lambda *_: False),
    ("=", 2): _unify,
    ("\\=", 2): _test(_not_unifiable),
    ("==", 2): _test(lambda _, args: args[0] == args[1]),
    ("\\==", 2): _test(lambda _, args: args[0] != args[1]),
    ("is", 2): _is,
    ("<", 2): _comparison(lambda a, b: a < b),
    (">", 2): _comparison(lambda a, b: a > b),
    ("=<", 2): _comparison(lambda a, b: a <= b),
    (">=", 2): _comparison(lambda a, b: a >= b),
    ("=:=", 2): _comparison(lambda a, b: a == b),
    ("=\\=", 2): _comparison(lambda a, b: a != b),
    ("@<", 2): _ordering(lambda c: c < 0),
    ("@>", 2): _ordering(lambda c: c > 0),
    ("@=<", 2): _ordering(lambda c: c <= 0),
    ("@>=", 2): _ordering(lambda c: c >= 0),
    ("between", 3): _between,
    ("succ", 2): _succ,
    ("plus", 3): _plus,
    ("var", 1): _test(lambda _, args: args[0] < 0),
    ("nonvar", 1): _test(lambda _, args: args[0] >= 0),
    ("ground", 1): _test(lambda store, args: store.is_ground(args[0])),
    ("atom", 1): _is_constant(Atom),
    ("string", 1): _is_constant(String),
    ("number", 1): _is_constant(Number),
    ("atomic", 1): _is_constant(Atom, Number, String),
    ("integer", 1): _is_number(int),
    ("float", 1): _is_number(float),
    ("compound", 1): _test(lambda store, args: store.functor(args[0]) is not None),
    ("is_list", 1): _test(lambda store, args: store.list_items(args[0]) is not None),
    ("member", 2): _member,
    ("append", 3): _append,
    ("length", 2): _length,
    ("nth0", 3): _nth(0, "nth0/3"),
    ("nth1", 3): _nth(1, "nth1/3"),
    ("sum_list", 2): _sum_list,
    ("sumlist", 2): _sum_list,
    ("max_list", 2): _extreme(max, "max_list/2"),
    ("min_list", 2): _extreme(min, "min_list/2"),
    ("reverse", 2): _reverse,
}
