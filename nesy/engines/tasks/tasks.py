"""A program made ready to be asked many things: `prepare` and the object it gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

from nesy.engines.solve import probabilities
from nesy.engines.tasks import information, marginal_map
from nesy.engines.tasks.beliefs import Beliefs
from nesy.engines.tasks.counting import count_worlds
from nesy.engines.tasks.functional import distribution, expected
from nesy.engines.tasks.given import Given, Number, Observed, given
from nesy.engines.tasks.marginal_map import Assignment, most_probable_outputs
from nesy.engines.tasks.marginals import Marginals, marginals
from nesy.engines.tasks.mpe import most_probable_world
from nesy.engines.tasks.names import Names
from nesy.engines.tasks.questions import Questions
from nesy.engines.tasks.sampling import Samples, sampled_worlds
from nesy.engines.tasks.top import most_probable_worlds
from nesy.engines.tasks.worlds import Outcomes, World, described
from nesy.errors import EngineError
from nesy.grounding import Template, ground
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program
from nesy.logic.program import GroundProgram, Value


def prepare(
    program: Program,
    query: str | None = None,
    output: str | tuple[str, ...] | None = None,
    *,
    budget: Budget | None = None,
    memory: int | None = None,
) -> Tasks:
    """Ground a program, to ask it many things.

    query, output: a template and its output arguments, as for `nesy.Model`; without, the program's own
    queries, each an output over false and true.
    budget: what grounding may spend. memory: bytes that compiling may fill.
    Raises `NesyError`: see `ground`. Cost: grounding; each circuit is compiled when it is first needed.
    """
    template = None if query is None else Template.parse(query, output)
    return Tasks(ground(program, template, evaluate=probabilities, budget=budget), memory=memory)


@final
class Tasks:
    """Everything exact that a program can be asked.

    Every method takes `observed`, values of outputs or symbols that are known, on top of the program's own
    evidence, and `beliefs`, probabilities of some symbols' values in place of the rules' own (networks'
    symbols have no others). All raise `EngineError`: unknown-symbol, unknown-output, unknown-value,
    invalid-beliefs, needs-networks, impossible-observation; and `SemanticsError` (inconsistent-evidence).
    The costs are beside compiling, which is done once for each set of outputs that is observed.
    """

    def __init__(self, program: GroundProgram, *, memory: int | None = None) -> None:
        self.program = program
        self._names = Names(program)
        self._questions = Questions(program, memory)
        self._outcomes = Outcomes(program)

    @property
    def symbols(self) -> Mapping[str, tuple[str, ...]]:
        """The symbols that the outputs and the evidence depend on, and their values."""
        return self._names.symbols

    @property
    def outputs(self) -> Mapping[str, tuple[Value, ...]]:
        """The outputs and their values."""
        return self._names.outputs

    def marginals(self, *, observed: Observed | None = None, beliefs: Beliefs | None = None) -> Marginals:
        """The probability of each value of each output and each symbol.

        Cost: O(edges * B), one pass up and one down.
        """
        return marginals(self._given(observed, beliefs), self._names)

    def mpe(self, *, observed: Observed | None = None, beliefs: Beliefs | None = None) -> World:
        """The most probable world. Cost: O(edges), one pass up and one down."""
        asked = self._given(observed, beliefs)
        return described(asked, self._names, self._outcomes, most_probable_world(asked))[0]

    def top(self, k: int, *, observed: Observed | None = None, beliefs: Beliefs | None = None) -> list[World]:
        """The k most probable worlds, or all if they are fewer; equals in the order of their values.

        Cost: O(edges * k log k), and O(nodes * k) memory.
        """
        _require(k >= 1, f"the {k} most probable worlds cannot be listed", "ask for one at least")
        asked = self._given(observed, beliefs)
        return described(asked, self._names, self._outcomes, most_probable_worlds(asked, k))

    def marginal_map(
        self,
        *,
        observed: Observed | None = None,
        beliefs: Beliefs | None = None,
        limit: int = marginal_map.LIMIT,
    ) -> Assignment:
        """The most probable values of all outputs together, the symbols summed out.

        limit: how many partial choices may be looked at. Raises `EngineError`: intractable-map beyond,
        no-joint-value where no world gives each output a value.
        Cost: O(edges) for each; as many as the outputs have values where the circuit decides outputs first.
        """
        asked = self._given(observed, beliefs)
        asked.single("the most probable outputs")
        log_condition = float(asked.log_condition[0])
        values, log = most_probable_outputs(self._all_open(asked), asked.targets, limit)
        named = {n: d[v] for (n, d), v in zip(self.outputs.items(), values, strict=True)}
        return Assignment(named, min(0.0, log - log_condition))

    def sample(
        self, count: int, *, seed: int = 0, observed: Observed | None = None, beliefs: Beliefs | None = None
    ) -> Samples:
        """Independent worlds, drawn exactly; equal seeds give equal worlds.

        Cost: O(edges), and for each sample the part of the circuit that it visits.
        """
        _require(count >= 0, f"{count} worlds cannot be drawn", "ask for none or more")
        asked = self._given(observed, beliefs)
        return Samples(sampled_worlds(asked, count, seed), asked, self._names, self._outcomes)

    def count(self, *, observed: Observed | None = None, beliefs: Beliefs | None = None) -> int:
        """The number of possible worlds (of positive probability), exactly.

        Cost: O(edges) operations on integers as long as the count.
        """
        return count_worlds(self._given(observed, beliefs))

    def entropy(self, *, observed: Observed | None = None, beliefs: Beliefs | None = None) -> Number:
        """The entropy of the posterior over worlds, in nats. Cost: as `marginals`."""
        asked = self._given(observed, beliefs)
        return asked.number(information.entropy(asked))

    def kl(
        self, other: Beliefs, *, observed: Observed | None = None, beliefs: Beliefs | None = None
    ) -> Number:
        """KL(posterior under `beliefs` || posterior under `other`) over worlds, in nats; perhaps inf.

        Cost: as `marginals`, twice.
        """
        first, second = self._given(observed, beliefs), self._given(observed, other)
        if 1 not in (len(first.beliefs), len(second.beliefs)) and len(first.beliefs) != len(second.beliefs):
            raise EngineError(
                "invalid-beliefs",
                f"the beliefs are for {len(first.beliefs)} and {len(second.beliefs)} examples",
                hint="give as many rows for both, or a single one",
            )
        found = information.divergence(first, second)
        return found if first.batched or second.batched else float(found[0])

    def mutual_information(
        self, output: str, symbol: str, *, observed: Observed | None = None, beliefs: Beliefs | None = None
    ) -> float:
        """How much an output and a symbol tell of each other, in nats.

        Raises `EngineError` (not-functional) unless the output has exactly one value in each world.
        Cost: O(edges * values of the output).
        """
        asked = self._given(observed, beliefs)
        asked.single("mutual information")
        of, about = self._names.output(output), self._names.symbol(symbol)
        distribution(self._questions, asked, of)
        return float(information.mutual_information(asked, of, about)[0])

    def expected(
        self, output: str, *, observed: Observed | None = None, beliefs: Beliefs | None = None
    ) -> Number:
        """The mean of an output whose values are numbers.

        Raises `EngineError`: not-numeric; not-functional unless it has exactly one value in each world.
        Cost: O(edges * B).
        """
        asked = self._given(observed, beliefs)
        return asked.number(expected(self._questions, asked, self._names.output(output)))

    def _given(self, observed: Observed | None, beliefs: Beliefs | None) -> Given:
        return given(self._questions, self._names, observed, beliefs)

    def _all_open(self, asked: Given) -> Given:
        """The same, put to the circuit in which all outputs are observed, with their values left open."""
        targets = dict.fromkeys(range(len(self.program.outputs)))
        return Given(self.program, self._questions.joint, asked.beliefs, asked.log_observed, targets, False)


def _require(holds: bool, message: str, hint: str) -> None:
    if not holds:
        raise EngineError("invalid-count", message, hint=hint)
