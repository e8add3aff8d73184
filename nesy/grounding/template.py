"""What is asked of a program: its own queries, or a template with output arguments."""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cmp_to_key
from typing import final

from nesy.errors import GroundingError, LanguageError
from nesy.grounding.order import compare
from nesy.grounding.syntax_terms import atom_text, value
from nesy.grounding.tables import Table
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.language.parser import parse_atom
from nesy.language.printer import term_text
from nesy.language.syntax import Atom, Callable, Variable
from nesy.logic.graph import FALSE, Lit
from nesy.logic.program import Output

Disjunction = Function[[Iterable[Lit]], Lit]


@final
@dataclass(frozen=True, slots=True)
class Template:
    """An atom such as `addition(a, b, S)` and the names of its output variables, such as `("S",)`.

    Each instance of the atom's other variables is an output of its own. Without output variables the
    atom is one output over {false, true} for each of its instances. Raises `LanguageError`
    (output-not-in-query) for an output that is not exactly one of the atom's arguments.
    """

    atom: Callable
    outputs: tuple[str, ...] = ()

    @staticmethod
    def parse(query: str, output: str | tuple[str, ...] | None) -> Template:
        """From text. Raises `LanguageError` (syntax codes, or output-not-in-query)."""
        outputs = () if output is None else (output,) if isinstance(output, str) else tuple(output)
        return Template(parse_atom(query), outputs)

    def __post_init__(self) -> None:
        names = [a.name for a in _arguments(self.atom) if isinstance(a, Variable)]
        for name in self.outputs:
            if names.count(name) != 1 or self.outputs.count(name) != 1:
                raise LanguageError(
                    "output-not-in-query",
                    f"the output {name} must be exactly one argument of {term_text(self.atom)}",
                    hint=f"its variable arguments are {', '.join(names) or 'none'}; name each at most once",
                )

    @property
    def positions(self) -> tuple[int, ...]:
        """Which arguments are outputs, in the order the outputs were named."""
        names = [a.name if isinstance(a, Variable) else None for a in _arguments(self.atom)]
        return tuple(names.index(o) for o in self.outputs)


def _arguments(atom: Callable) -> tuple[object, ...]:
    return () if isinstance(atom, Atom) else atom.args


def boolean_output(name: str, literal: Lit) -> Output:
    """An atom as an output over false and true."""
    return Output(name, ("false", "true"), (Lit(-literal), literal))


def query_outputs(store: TermStore, tables: Iterable[Table]) -> tuple[Output, ...]:
    """One output for each answer to a query, and one that is false for a ground query without an answer.

    Raises `GroundingError` (non-ground-query).
    """
    outputs: dict[str, Output] = {}
    for table in tables:
        answers = ordered_answers(store, table)
        for answer in answers:
            name = atom_text(store, table.predicate.name, answer)
            outputs[name] = boolean_output(name, table.answers[answer])
        if not answers and all(store.is_ground(a) for a in table.args):
            name = atom_text(store, table.predicate.name, table.args)
            outputs[name] = boolean_output(name, FALSE)
    return tuple(outputs.values())


def template_outputs(
    store: TermStore, template: Template, table: Table, disjunction: Disjunction
) -> tuple[Output, ...]:
    """The outputs of a template from the answers to its atom, in the standard order of terms.

    disjunction: makes the node of any of some literals.
    Raises `GroundingError` (no-answers, non-ground-query).
    """
    name = table.predicate.name
    answers = ordered_answers(store, table)
    if not answers:
        raise GroundingError(
            "no-answers",
            f"no rule can give {atom_text(store, name, table.args)} an answer",
            span=template.atom.span,
            hint="try the query without networks, on a small case, to see where it fails",
        )
    if not template.outputs:
        return tuple(boolean_output(atom_text(store, name, a), table.answers[a]) for a in answers)
    groups: dict[Args, list[Args]] = {}
    for answer in answers:
        rest = tuple(t for i, t in enumerate(answer) if i not in template.positions)
        groups.setdefault(rest, []).append(answer)
    return tuple(
        _output(store, disjunction, table, position, rest, members, len(template.outputs) > 1)
        for rest, members in groups.items()
        for position in template.positions
    )


def _output(
    store: TermStore,
    disjunction: Disjunction,
    table: Table,
    position: int,
    rest: Args,
    members: list[Args],
    several: bool,
) -> Output:
    by_value: dict[TermId, list[Lit]] = {}
    for answer in members:
        by_value.setdefault(answer[position], []).append(table.answers[answer])
    name = atom_text(store, table.predicate.name, rest)
    if several:
        name += f"#{position + 1}"
    values = sorted(by_value, key=standard_order(store))
    return Output(
        name,
        tuple(value(store, v) for v in values),
        tuple(disjunction(by_value[v]) for v in values),
    )


def standard_order(store: TermStore) -> type:
    """A sort key: the standard order of terms."""
    return cmp_to_key(lambda a, b: compare(store, a, b))  # type: ignore[return-value]


def ordered_answers(store: TermStore, table: Table) -> list[Args]:
    """A table's answers in the standard order, whatever the order of the rules.

    Raises `GroundingError` (non-ground-query) for an answer that holds a variable.
    """
    for answer in table.answers:
        if not all(store.is_ground(t) for t in answer):
            raise GroundingError(
                "non-ground-query",
                f"the answer {atom_text(store, table.predicate.name, answer)} holds a variable",
                span=table.span,
                hint="bind every argument of the query in the rules' bodies: "
                "nesy.check names variables that occur only once",
            )
    return _sorted(store, table.answers)


def _sorted(store: TermStore, answers: Iterable[Args]) -> list[Args]:
    """Each different term is compared once, however many answers hold it."""
    answers = list(answers)
    terms = sorted({t for answer in answers for t in answer}, key=standard_order(store))
    rank = {t: i for i, t in enumerate(terms)}
    return sorted(answers, key=lambda answer: [rank[t] for t in answer])
