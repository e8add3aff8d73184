r"""Goals that are known only when they are reached: `call/N`, variables as goals, lambdas.

A call of a predicate goes to it directly. Everything else becomes a predicate of its own over the
variables of the goal, made once for goals equal up to the names of their variables.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol, Union, final

from nesy.errors import GroundingError, LanguageError, Span
from nesy.grounding.rules import BuiltinCall, MetaCall, Predicate, UserCall
from nesy.grounding.syntax_terms import syntax, text
from nesy.grounding.terms import CONS, Args, TermId, TermStore, variable
from nesy.grounding.unification import canonical
from nesy.language.goals import goal
from nesy.language.malformed import Malformed
from nesy.language.syntax import Atom, Compound, Goal, Indicator, Term, Variable

CONTROL = frozenset({(",", 2), (";", 2), ("->", 2), ("\\+", 1), ("not", 1)})
"""Functors of goals that are no calls of a predicate."""

LAMBDA = (">>", 2)
FREE = ("/", 2)


Resolved = Union[UserCall, BuiltinCall]
"""What a goal known at last is run as."""


class Definitions(Protocol):
    """What lowering gives: the predicates there are, and new ones for goals."""

    store: TermStore

    def direct(self, key: Indicator, args: Args, positive: bool, span: Span | None) -> Resolved | None:
        """The call of a predicate or built-in of that name; None where it must be lowered as a goal."""
        ...

    def define(self, head: tuple[Term, ...], body: Goal) -> Predicate:
        """A new predicate with one rule."""
        ...


@final
class MetaCalls:
    """Resolves goals of one grounding, and remembers the predicates it made."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._store = definitions.store
        self._made: dict[tuple[Args, int], Predicate] = {}

    def resolve(self, call: MetaCall, args: Args) -> Resolved:
        """The call that a goal means: its first argument, with the others behind that one's own.

        Raises `GroundingError` (call-mode, not-a-goal, lambda-arguments) and `LanguageError`
        (unknown-predicate).
        """
        if call.carry is not None:
            return call.carry(self.resolve(replace(call, carry=None), args[:-1]), args[-1])
        closure, *extra = args
        if closure < 0:
            raise GroundingError(
                "call-mode",
                "a goal is called that is not bound yet",
                span=call.span,
                hint="put the goal that binds it before this one",
            )
        if self._store.functor(closure) == LAMBDA:
            return self._lambda(call, closure, extra)
        return self._plain(call, closure, extra)

    def _plain(self, call: MetaCall, closure: TermId, extra: list[TermId]) -> Resolved:
        name, own = self._split(call, closure)
        args = (*own, *extra)
        key = (name, len(args))
        if key not in CONTROL:
            found = self._definitions.direct(key, args, call.positive, call.span)
            if found is not None:
                return found
        whole = self._store.compound(name, args) if args else closure
        shared = tuple(self._store.variables((whole,)))
        (form,) = canonical(self._store, (whole,))
        made = self._made.get(((form,), -1))
        if made is None:
            head = tuple(_variable(i) for i in range(len(shared)))
            made = self._made[(form,), -1] = self._define(call, head, syntax(self._store, form))
        return UserCall(made, shared, call.positive, call.span)

    def _split(self, call: MetaCall, closure: TermId) -> tuple[str, Args]:
        functor = self._store.functor(closure)
        if functor is not None and functor != (CONS, 2):
            return functor[0], self._store.args[closure]
        head = self._store.heads[closure]
        if isinstance(head, Atom) and head.name != "[]":
            return head.name, ()
        raise GroundingError(
            "not-a-goal",
            f"{text(self._store, closure)} is called, which is no goal",
            span=call.span,
            hint="a goal looks like rain or edge(a, b)",
        )

    def _lambda(self, call: MetaCall, closure: TermId, extra: list[TermId]) -> UserCall:
        """`Free/[X1, ...]>>Goal`: its variables are its own, but for those of `Free`."""
        free = self._free(closure)
        parameters = self._parameters(closure)
        if parameters is None or len(parameters) > len(extra):
            raise GroundingError(
                "lambda-arguments",
                f"{text(self._store, closure)} is called with {len(extra)} arguments",
                span=call.span,
                hint="a lambda is written [X, Y]>>Goal, and takes at least as many arguments as it lists",
            )
        (form,) = canonical(self._store, (closure,))
        key = ((form,), len(extra))
        if key not in self._made:
            self._made[key] = self._lambda_predicate(call, form, len(extra))
        return UserCall(self._made[key], (*free, *extra), call.positive, call.span)

    def _lambda_predicate(self, call: MetaCall, form: TermId, count: int) -> Predicate:
        parameters = self._parameters(form)
        assert parameters is not None
        further = tuple(Variable(f"_extra{i}") for i in range(count - len(parameters)))
        head = (*self._free(form), *parameters)
        body = syntax(self._store, self._store.args[form][1])
        if further:
            body = _extended(body, further)
        return self._define(call, (*(syntax(self._store, t) for t in head), *further), body)

    def _free(self, closure: TermId) -> Args:
        left = self._store.args[closure][0]
        return tuple(self._store.variables((self._store.args[left][0],))) if self._is_free(left) else ()

    def _parameters(self, closure: TermId) -> list[TermId] | None:
        left = self._store.args[closure][0]
        return self._store.list_items(self._store.args[left][1] if self._is_free(left) else left)

    def _is_free(self, left: TermId) -> bool:
        return self._store.functor(left) == FREE

    def _define(self, call: MetaCall, head: tuple[Term, ...], body: Term) -> Predicate:
        if isinstance(body, (Atom, Compound)) and body.span is None:
            # The goal has no place of its own: its mistakes are at that of the call.
            body = replace(body, span=call.span)
        try:
            return self._definitions.define(head, goal(body))
        except Malformed as error:
            found = error.diagnostic
            raise GroundingError(found.code, found.message, span=call.span, hint=found.hint) from None
        except LanguageError as error:
            # What is wrong with a goal made at run time is at the place of the call.
            if error.span is not None or call.span is None:
                raise
            raise LanguageError(error.code, error.message, span=call.span, hint=error.hint) from None


def _variable(index: int) -> Variable:
    """The name that `syntax` gives to a variable of a canonical term."""
    return Variable(f"_{-variable(index)}")


def _extended(body: Term, further: tuple[Variable, ...]) -> Term:
    """A goal with further arguments: those of `call`, which takes any goal."""
    if isinstance(body, Atom):
        return Compound(body.name, further)
    return Compound("call", (body, *further))
