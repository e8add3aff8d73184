"""Modules share one space of names: what keeps two of them from meaning different things by one name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from nesy.errors import Diagnostic, LanguageError, Source, Span
from nesy.language.modules.requests import DeclareModule, ReadRules
from nesy.language.syntax import Clause, Indicator, Statement, indicator


@final
class Modules:
    """Which source defines which predicates, and which of the sources are modules."""

    def __init__(self) -> None:
        self._modules: dict[int, DeclareModule] = {}
        self._places: dict[Indicator, dict[int, Span | None]] = {}

    def declare(self, module: DeclareModule, source: Source, asked: ReadRules) -> None:
        """A source says that it is a module. Raises `LanguageError` (not-exported)."""
        self._modules[id(source)] = module
        for name, arity in asked.imports or ():
            if (name, arity) not in module.exports:
                raise LanguageError(
                    "not-exported",
                    f"the module {module.name} exports no {name}/{arity}",
                    span=asked.span,
                    hint="it exports " + ", ".join(f"{n}/{a}" for n, a in module.exports),
                )

    def add(self, statement: Statement, source: Source) -> None:
        """Note what a statement of a source defines."""
        if isinstance(statement, Clause):
            for head in statement.heads:
                self._places.setdefault(indicator(head.atom), {}).setdefault(id(source), head.span)

    def clashes(self) -> Iterator[Diagnostic]:
        """Code `module-clash`: a predicate of a module that another source defines too."""
        if not self._modules:
            return
        for (name, arity), places in self._places.items():
            modules = [self._modules[source] for source in places if source in self._modules]
            if len(places) > 1 and modules:
                spans = list(places.values())
                yield Diagnostic(
                    "module-clash",
                    f"{name}/{arity} is defined in the module {modules[0].name} and elsewhere",
                    spans[-1],
                    "modules share one space of names here: rename one of the two",
                )
