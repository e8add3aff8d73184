"""Where the gradient of a likelihood is zero whatever the networks say, found from the program alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import final

import numpy as np

from nesy.circuit.circuit import Circuit
from nesy.compile.relations import compile_values
from nesy.engines.audit.concepts import Concepts
from nesy.engines.audit.modular import IntArray, drawn, modular_values, quotients
from nesy.engines.outputs import value_slices
from nesy.errors import Diagnostic, Span
from nesy.logic.program import GroundProgram

DRAWS = 2
"""How often formulas are looked at, each time at random numbers."""
_CELLS = 1 << 23
"""Numbers that one step of evaluation may be given."""
LISTED = 8
"""How many names a finding lists."""


def vanishing_gradients(program: GroundProgram, concepts: Concepts) -> list[Diagnostic]:
    """What cannot be learned, whatever the labels.

    Warnings: no-gradient for a concept on which no output depends, independent-output for an output that
    does not depend on some; alike-values where no output tells values of a network apart; fruitless-value
    where nothing follows from one; impossible-label for values of outputs that no world has.
    Cost: compiling, and O(edges) for each value of each concept.
    """
    given = _Given(program, concepts)
    return [*given.independent(), *given.alike(), *given.fruitless(), *given.impossible()]


@final
class _Given:
    """The outputs' probabilities given each value of each concept, as polynomials in all other beliefs.

    values: for each concept (its values, roots, draws).
    """

    def __init__(self, program: GroundProgram, concepts: Concepts) -> None:
        self.program, self.concepts = program, concepts
        self.parts = value_slices(program.outputs)
        random = np.random.default_rng(0)
        beliefs = np.concatenate([drawn(len(s.values), DRAWS, random) for s in program.symbols])
        circuit = compile_values(program)
        self.roots = modular_values(circuit, beliefs)[:-1]
        found = np.concatenate([*self._cases(circuit, beliefs)], axis=1)
        known = quotients(found[:-1], np.broadcast_to(found[-1], found[:-1].shape))
        by_case = known.reshape(len(known), -1, DRAWS).transpose(1, 0, 2)
        possible = (found[-1] != 0).reshape(-1, DRAWS).any(axis=1)
        sizes = np.cumsum([len(c.values) for c in concepts.concepts])[:-1].tolist()
        self.values: list[IntArray] = np.split(by_case, sizes)
        self.possible = np.split(possible, sizes)

    def _cases(self, circuit: Circuit, beliefs: IntArray) -> Iterator[IntArray]:
        """The roots given each value of each concept, some of them at a time."""
        cases = [(at, v) for at, c in enumerate(self.concepts.concepts) for v in range(len(c.values))]
        step = max(1, _CELLS // beliefs.size)
        for start in range(0, len(cases), step):
            given = [self._case(beliefs, *case) for case in cases[start : start + step]]
            yield modular_values(circuit, np.concatenate(given, axis=1))

    def _case(self, beliefs: IntArray, concept: int, value: int) -> IntArray:
        """Beliefs with a concept known to have a value."""
        case: IntArray = beliefs.copy()
        for symbol, of in enumerate(self.concepts.of_symbol):
            if of == concept:
                start, stop = self.program.offsets[symbol], self.program.offsets[symbol + 1]
                case[start:stop] = 0
                case[start + value] = 1
        return case

    def independent(self) -> Iterator[Diagnostic]:
        """Concepts that no output depends on, then those that some output does not."""
        concepts = self.concepts.concepts
        free = [self._free(number) for number in range(len(self.program.outputs))]
        nowhere = set(range(len(concepts))).intersection(*free)
        for at in sorted(nowhere):
            yield _warning("no-gradient", f"no output depends on {concepts[at].call}", concepts[at].span)
        for output, places in zip(self.program.outputs, free, strict=True):
            left = [concepts[at] for at in places if at not in nowhere]
            if left:
                names = _listed([c.name for c in left])
                yield _warning(
                    "independent-output", f"{output.name} does not depend on {names}", left[0].span
                )

    def _free(self, number: int) -> list[int]:
        """The concepts on which an output does not depend: given each value, it is as likely."""
        roots = self.parts[number]
        cases = [
            values[possible][:, roots] for values, possible in zip(self.values, self.possible, strict=True)
        ]
        return [at for at, given in enumerate(cases) if (given == given[:1]).all()]

    def alike(self) -> Iterator[Diagnostic]:
        """Values of a network that make the same of every output, for each of its inputs."""
        for reader, rows in self._by_reader():
            groups: dict[bytes, list[str]] = {}
            for value, row in zip(self.concepts.readers[reader].values, rows, strict=True):
                if row.any():
                    groups.setdefault(row.tobytes(), []).append(value)
            for group in groups.values():
                if len(group) > 1:
                    yield self._about(reader, "alike-values", f"no output tells {_listed(group)} apart")

    def fruitless(self) -> Iterator[Diagnostic]:
        """Values of a network from which nothing follows, for any of its inputs."""
        for reader, rows in self._by_reader():
            values = self.concepts.readers[reader].values
            found = [v for v, row in zip(values, rows, strict=True) if not row.any()]
            if found:
                message = f"no output has a value where it gives {_listed(found)}"
                yield self._about(reader, "fruitless-value", message)

    def impossible(self) -> Iterator[Diagnostic]:
        """Values of outputs whose probability is zero whatever the networks give."""
        for number, output in enumerate(self.program.outputs):
            roots = self.roots[self.parts[number]]
            found = [str(v) for v, row in zip(output.domain, roots, strict=True) if not row.any()]
            if found:
                yield _warning("impossible-label", f"no world gives {output.name} = {_listed(found)}", None)

    def _by_reader(self) -> Iterator[tuple[int, IntArray]]:
        """For each network a row for each value: what it makes of all outputs, for all inputs."""
        for reader in range(len(self.concepts.readers)):
            places = [i for i, c in enumerate(self.concepts.concepts) if c.reader == reader]
            yield (
                reader,
                np.concatenate([self.values[c].reshape(len(self.values[c]), -1) for c in places], axis=1),
            )

    def _about(self, reader: int, code: str, message: str) -> Diagnostic:
        span = next(c.span for c in self.concepts.concepts if c.reader == reader)
        return _warning(code, f"{self.concepts.readers[reader].name}: {message}", span)


def _warning(code: str, message: str, span: Span | None) -> Diagnostic:
    return Diagnostic(code, message, span, None, "warning")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more
