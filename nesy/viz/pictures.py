"""The pictures of a program."""

from __future__ import annotations

from collections.abc import Sequence

from nesy.circuit.circuit import Circuit
from nesy.circuit.formats.names import Names
from nesy.compile.backends import Compiler
from nesy.errors import LanguageError
from nesy.grounding.budget import Budget
from nesy.grounding.queries import with_queries
from nesy.language.checks.survey import Survey
from nesy.language.checks.unknown import unknown_predicates
from nesy.language.syntax import Program
from nesy.viz.beliefs import Beliefs
from nesy.viz.circuit_graph import circuit_drawing, file_drawing
from nesy.viz.ground_graph import ground_drawing
from nesy.viz.picture import Picture, drawn
from nesy.viz.predicate_graph import predicate_drawing


def predicates(program: Program, queries: Sequence[str] = ()) -> Picture:
    """Which predicates depend on which: negation marked, those that depend on one another in one outline.

    Built-ins are left out; what is asked has a heavy outline. queries: in place of the program's own.
    Raises `LanguageError` for a query that is no atom, and for one of a predicate that nothing defines
    (unknown-predicate, unsupported-builtin).
    Cost: linear in the program, and the layout.
    """
    asked = with_queries(program, queries)
    if queries:
        _require_known(asked)
    return drawn(predicate_drawing(asked))


def _require_known(program: Program) -> None:
    """Raises `LanguageError` where the program has no predicate of a query."""
    places = {query.atom.span for query in program.queries}
    for found in unknown_predicates(Survey(program)):
        if found.span in places:
            raise LanguageError(found.code, found.message, span=found.span, hint=found.hint)


def ground(
    program: Program,
    queries: Sequence[str] = (),
    *,
    beliefs: Beliefs | None = None,
    budget: Budget | None = None,
) -> Picture:
    """The ground rules that queries depend on, with probabilities, and derivatives of queries by choices.

    queries: in place of the program's own. beliefs: the probability of each value of a symbol, by the
    symbol's name, in place of what the rules say; networks of which nothing is said find every value as
    probable. More than 300 nodes are drawn level by level.
    Raises `NesyError`: what grounding and compiling raise; unknown-symbol, not-a-distribution.
    Cost: grounding, compiling every atom, and the layout.
    """
    asked = with_queries(program, queries)
    return drawn(ground_drawing(asked, beliefs=beliefs, budget=budget))


def circuit(
    program: Program,
    queries: Sequence[str] = (),
    *,
    compiler: str | Compiler = "native",
    beliefs: Beliefs | None = None,
    budget: Budget | None = None,
) -> Picture:
    """The circuit of the queries, each node with its value and the derivatives of the queries by it.

    queries, beliefs, budget, size: as for `ground`.
    Raises `NesyError`: what grounding and compiling raise; unknown-symbol, not-a-distribution.
    Cost: grounding, compiling, a step of Python for each edge and query, and the layout.
    """
    asked = with_queries(program, queries)
    return drawn(circuit_drawing(asked, compiler=compiler, beliefs=beliefs, budget=budget))


def circuit_of_file(given: Circuit, names: Names | None = None) -> Picture:
    """A circuit as it is; every value of a variable is taken to be as probable as the others.

    Cost: a step of Python for each edge and root, and the layout.
    """
    return drawn(file_drawing(given, names))
