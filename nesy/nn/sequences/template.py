"""Templates over lists of any length: what is asked of an example follows from how long its lists are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import final

from nesy.errors import LanguageError
from nesy.grounding import Template
from nesy.language.parser import parse_atom
from nesy.language.printer import term_text
from nesy.language.syntax import Atom, Compound, Variable
from nesy.language.terms import ListTerm, Number, Term


@final
class SequenceTemplate:
    """A query some of whose arguments are lists of inputs, or the lists' lengths.

    lists: for a variable of the query, the input whose items it lists: `[a(0), a(1), ...]`.
    lengths: for a variable of the query, the input whose length it is.
    Raises `LanguageError`: syntax codes; sequence-not-in-query for a variable that is not exactly one
    argument of the query; output-not-in-query.
    """

    def __init__(
        self,
        query: str,
        output: str | tuple[str, ...] | None,
        lists: Mapping[str, str],
        lengths: Mapping[str, str],
    ) -> None:
        self._atom = parse_atom(query)
        self._outputs = () if output is None else (output,) if isinstance(output, str) else output
        self._lists = dict(lists)
        self._lengths = dict(lengths)
        self.names: tuple[str, ...] = tuple(dict.fromkeys([*lists.values(), *lengths.values()]))
        """The inputs that are sequences, in the order in which `at` takes their lengths."""
        for variable in [*lists, *lengths] or [""]:
            self._check(variable)
        self.at((0,) * len(self.names))

    def at(self, lengths: Sequence[int]) -> Template:
        """The template for sequences of these lengths."""
        assert isinstance(self._atom, Compound)
        length = dict(zip(self.names, lengths, strict=True))
        args = tuple(self._argument(argument, length) for argument in self._atom.args)
        return Template(replace(self._atom, args=args), self._outputs)

    def _argument(self, argument: Term, length: Mapping[str, int]) -> Term:
        if not isinstance(argument, Variable):
            return argument
        if argument.name in self._lengths:
            return Number(length[self._lengths[argument.name]])
        if argument.name not in self._lists:
            return argument
        name = self._lists[argument.name]
        items = tuple(Compound(name, (Number(i),)) for i in range(length[name]))
        return ListTerm(items) if items else Atom("[]")

    def _check(self, variable: str) -> None:
        args = self._atom.args if isinstance(self._atom, Compound) else ()
        names = [a.name for a in args if isinstance(a, Variable)]
        if names.count(variable) != 1 or (variable in self._lists and variable in self._lengths):
            raise LanguageError(
                "sequence-not-in-query",
                f"{variable or 'a variable'}, to stand for a list or its length, must be exactly one "
                f"argument of {term_text(self._atom)}",
                hint=f"its variable arguments are {', '.join(names) or 'none'}",
            )
