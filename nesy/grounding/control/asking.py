"""What a program asks for and has observed: the atoms of its queries and evidence, those with bodies too.

`query(p(X)) :- q(X).` asks for p(X) with each X that q gives. The body must be certain: which atoms are
asked for does not depend on the world.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Union, final

from nesy.errors import GroundingError, LanguageError, Span
from nesy.grounding.engine import Resolution
from nesy.grounding.lowering import Lowering
from nesy.grounding.meter import Watch
from nesy.grounding.rules import BuiltinCall, MetaCall, Predicate
from nesy.grounding.syntax_terms import intern, text
from nesy.grounding.terms import Args, TermId, variable
from nesy.grounding.unification import instantiate
from nesy.language.builtins import KNOWN
from nesy.language.printer import term_text
from nesy.language.syntax import Atom, Callable, Compound, Evidence, Goal, Query, Variable, indicator
from nesy.logic.graph import TRUE, Graph

Statement = Union[Query, Evidence]


class Asked(NamedTuple):
    """One atom that is asked for or observed."""

    predicate: Predicate
    args: Args
    span: Span | None


@final
class Asking:
    """Finds the atoms of one program's statements."""

    def __init__(self, lowering: Lowering, watch: Watch | None = None) -> None:
        """`watch` looks on while bodies are solved."""
        self._lowering = lowering
        self._watch = watch
        self._store = lowering.store

    def atom(self, atom: Callable) -> Asked:
        """A call of the atom itself. Raises `LanguageError` (unknown-predicate)."""
        numbering: dict[str, int] = {}
        args = () if isinstance(atom, Atom) else tuple(intern(self._store, a, numbering) for a in atom.args)
        return self._goal(atom, args)

    def statement(self, statement: Statement) -> list[Asked]:
        """The atoms of a statement: its own, or one for each solution of its body.

        Raises `GroundingError` (uncertain-query-body) and what resolution of the body raises.
        """
        if statement.body is None:
            return [self.atom(statement.atom)]
        numbering: dict[str, int] = {}
        pattern = intern(self._store, statement.atom, numbering)
        return [
            self._instance(pattern, args, statement.span) for args in self._solutions(statement, numbering)
        ]

    def evidence(self, statements: Iterable[Evidence]) -> list[tuple[Asked, Evidence]]:
        """The atoms that statements say were observed, each with its statement.

        Raises `GroundingError` (non-ground-evidence), and as `statement`.
        """
        found = [(atom, statement) for statement in statements for atom in self.statement(statement)]
        for atom, _ in found:
            if not all(self._store.is_ground(argument) for argument in atom.args):
                raise GroundingError(
                    "non-ground-evidence",
                    "evidence must be a ground atom",
                    span=atom.span,
                    hint="write one evidence statement for each instance that was observed",
                )
        return found

    def _instance(self, pattern: TermId, args: Args, span: Span | None) -> Asked:
        (term,) = instantiate(self._store, (pattern,), args)
        if self._store.functor(term) == ("call", 1):
            # What `query(X)` asks for: X itself.
            (term,) = self._store.args[term]
        found = self._lowering.metacalls.resolve(MetaCall((term,), True, span), (term,))
        if isinstance(found, BuiltinCall):
            raise _built_in(text(self._store, term), span)
        return Asked(found.predicate, found.args, span)

    def _goal(self, atom: Callable, args: Args) -> Asked:
        meta = isinstance(atom, Compound) and atom.functor == "call"
        if meta and ("call", len(args)) not in self._lowering.predicates:
            return self._instance(args[0], (), atom.span)
        try:
            return Asked(self._lowering.predicate(atom), args, atom.span)
        except LanguageError:
            if indicator(atom) in KNOWN:
                raise _built_in(term_text(atom), atom.span) from None
            raise

    def _solutions(self, statement: Statement, numbering: dict[str, int]) -> Iterator[Args]:
        """The bindings of the atom's variables, in order, that the body gives."""
        assert statement.body is not None
        predicate = self._lowering.define(tuple(Variable(n) for n in numbering), statement.body)
        lowering = self._lowering
        resolution = Resolution(
            self._store, Graph(), lowering.metacalls.resolve, lowering.evaluation.symbols, self._watch
        )
        wanted = tuple(variable(i) for i in range(len(numbering)))
        table = resolution.solve(predicate, wanted, _place(statement.body, statement))
        for args, literal in table.answers.items():
            if literal != TRUE:
                raise GroundingError(
                    "uncertain-query-body",
                    "what is asked for depends on what is uncertain",
                    span=_place(statement.body, statement),
                    hint="ask for more atoms, and let their rules say when they hold",
                )
            yield args


def _built_in(asked: str, span: Span | None) -> GroundingError:
    return GroundingError(
        "query-of-builtin",
        f"{asked} is asked for, which is built in",
        span=span,
        hint="define an atom by a rule, and ask for that",
    )


def _place(body: Goal, statement: Statement) -> Span | None:
    return body.span or statement.span
