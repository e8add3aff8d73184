"""Models over lists: examples of different lengths in one batch, each structure compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import final

import torch
from torch import Tensor, nn

from nesy.engines.inference import Engine
from nesy.engines.registry import resolve
from nesy.errors import EngineError
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program
from nesy.logic.program import Output, Symbol, Value
from nesy.nn.batch import one_example
from nesy.nn.binding import Binding
from nesy.nn.explaining import Explaining, ModelExplanation, explained
from nesy.nn.learned import Learned
from nesy.nn.named_networks import bound, modules, one_number
from nesy.nn.network import Network
from nesy.nn.prepared import Prepared, prepared, variables
from nesy.nn.sequences.inputs import Items, Lengths, asked_lengths, lengths_of, picked
from nesy.nn.sequences.pooling import run_together
from nesy.nn.sequences.structure import Group, Structure
from nesy.nn.sequences.template import SequenceTemplate
from nesy.nn.sequences.value_targets import ValueTargets, indices, per_example


@final
class SequenceModel(nn.Module):
    """Rules over lists of any length, and their networks, as one trainable module.

    program, networks, output, engine, semantics, budget: as for `Model`.
    query: the template. lists: which of its variables stand for which inputs' items, `{"Images": "a"}`;
    lengths: which for an input's length.
    prepare: lengths to be made ready at once (of all sequences, or by name); others are when they first
    occur. Rules with learnable clauses need it, for parameters cannot come later.

    A sequence is given as a list of B tensors (items, ...), anything else so, too, or as for `Model`.
    Examples are grouped by the lengths of their sequences; each group's template is grounded and compiled
    once, and kept. All items of all groups go through a network in one call.
    Outputs and their values differ between groups, so targets are values, not indices, and answers lists.

    Raises `NesyError`: as `Model`; sequence-not-in-query.
    Cost: grounding and compiling for each combination of lengths that occurs, and the memory of it.
    """

    def __init__(  # noqa: PLR0913 - what is asked, of whom, and how
        self,
        program: Program,
        networks: Mapping[str, nn.Module | Network],
        query: str,
        output: str | Sequence[str] | None = None,
        engine: str | Engine = "exact",
        *,
        lists: Mapping[str, str] | None = None,
        lengths: Mapping[str, str] | None = None,
        prepare: Iterable[int | Mapping[str, int]] = (),
        semantics: str = "probability",
        budget: Budget | None = None,
    ) -> None:
        super().__init__()
        named = bound(program, networks)
        self._template = SequenceTemplate(query, variables(output), lists or {}, lengths or {})
        self._program = program
        self._engine = resolve(engine)
        self._semantics = semantics
        self._budget = budget
        self._scales = {name: network.scale for name, network in named.items()}
        self.networks = modules(named)
        keys = (asked_lengths(each, self._template.names) for each in prepare)
        ready = {key: self._prepared(key) for key in keys}
        self.learned = Learned(_learnable(ready.values()))
        self._structures = nn.ModuleDict()
        for key, found in ready.items():
            self._keep(key, found)

    def outputs(self, lengths: int | Mapping[str, int]) -> list[Output]:
        """The outputs of examples of some lengths: one length for all sequences, or by name.

        Cost: that of grounding and compiling for lengths not met before; else one step.
        """
        return self._structure(asked_lengths(lengths, self._template.names)).outputs

    def forward(self, **inputs: Items) -> list[list[Tensor]]:
        """For each example, for each of its outputs, the log-probabilities (values,) in nats.

        Cost: one call of each network for each length in the batch, one pass of the engine up and
        down.
        """
        answers: dict[int, list[Tensor]] = {}
        for group in self._groups(inputs):
            found = group.structure.marginals_of(group.beliefs)
            answers.update((row, [logs[i] for logs in found]) for i, row in enumerate(group.rows))
        return [answers[row] for row in range(len(answers))]

    def log_prob(self, targets: ValueTargets, /, **inputs: Items) -> Tensor:
        """(B,): the joint log-probability, in nats, of each example's observed targets.

        targets: for each example the value of its output, or a list of one for each of its outputs; None
        where not observed.
        Cost: as `forward`, without the pass down.
        """
        parts, rows = [], []
        for group, wanted in self._with_targets(targets, inputs):
            parts.append(group.structure.inference.log_prob(group.beliefs, wanted))
            rows += group.rows
        order = torch.tensor(rows, device=parts[0].device).argsort()
        return torch.cat(parts)[order]

    def loss(self, targets: ValueTargets, /, **inputs: Items) -> Tensor:
        """Scalar: what the engine trains on, the mean over all examples. Cost: as `log_prob`."""
        total, count = [], 0
        for group, wanted in self._with_targets(targets, inputs):
            total.append(group.structure.inference.loss(group.beliefs, wanted) * len(group.rows))
            count += len(group.rows)
        return torch.stack(total).sum() / count

    @torch.no_grad()
    def predict(self, **inputs: Items) -> list[list[Value]]:
        """For each example the predicted value of each of its outputs.

        Cost: as `forward`, with the engine's own way to predict.
        """
        answers: dict[int, list[Value]] = {}
        for group in self._groups(inputs):
            found = group.structure
            guess = found.inference.predict(group.beliefs).tolist()
            for row, values in zip(group.rows, guess, strict=True):
                answers[row] = [o.domain[v] for o, v in zip(found.outputs, values, strict=True)]
        return [answers[row] for row in range(len(answers))]

    @torch.no_grad()
    def explain(
        self,
        inputs: Mapping[str, Items],
        index: int = 0,
        *,
        output: str | None = None,
        value: Value | None = None,
        proofs: int = 3,
    ) -> ModelExplanation:
        """Why one example of a batch has a value: as `Model.explain`, of an example of any lengths.

        inputs: the batch, as a call takes it; index: which example of it. output, value, proofs: as there.
        Raises `NesyError`: as `Model.explain`, missing-sequence.
        Cost: that of grounding and compiling for lengths not met before; grounding, the first time that
        an example of these lengths is explained; compiling one circuit; a search; one call of each network.
        """
        (group,) = self._groups(one_example(inputs, index))
        found = group.structure
        return explained(found, found.explaining, group.inputs, group.beliefs, output, value, proofs)

    def _with_targets(self, targets: ValueTargets, inputs: Mapping[str, Items]) -> list[tuple[Group, Tensor]]:
        groups = self._groups(inputs)
        given = per_example(targets, sum(len(group.rows) for group in groups))
        return [
            (
                group,
                indices([given[r] for r in group.rows], group.rows, group.structure.outputs).to(
                    group.beliefs.device
                ),
            )
            for group in groups
        ]

    def _groups(self, inputs: Mapping[str, Items]) -> list[Group]:
        """The examples by structure, and their beliefs: every network once for all of them."""
        members: dict[Lengths, list[int]] = {}
        for row, key in enumerate(lengths_of(inputs, self._template.names)):
            members.setdefault(key, []).append(row)
        found = [(self._structure(key), rows) for key, rows in members.items()]
        bindings = [structure.binding for structure, _ in found]
        given = [picked(inputs, rows, s.binding.names, self._template.names) for s, rows in found]
        runs = [s.binding.begin(own, len(rows)) for (s, rows), own in zip(found, given, strict=True)]
        run_together(bindings, self.networks, runs)
        return [
            Group(s, rows, own, s.binding.beliefs(self.learned(s.columns), run))
            for (s, rows), own, run in zip(found, given, runs, strict=True)
        ]

    def _structure(self, key: Lengths) -> Structure:
        name = ",".join(map(str, key))
        if name not in self._structures:
            self._keep(key, self._prepared(key))
        found = self._structures[name]
        assert isinstance(found, Structure)
        return found

    def _prepared(self, key: Lengths) -> Prepared:
        template = self._template.at(key)
        found = prepared(self._program, template, None, self._engine, self._semantics, self._budget)
        if found.inference.networks is not None:
            raise EngineError(
                "unsupported-task",
                f"engine {self._engine.name!r} cannot do this: its own weights are those of one structure, "
                "and a SequenceModel has one for each combination of lengths",
                hint="use nesy.Model for one length, or another engine",
            )
        return found

    def _keep(self, key: Lengths, found: Prepared) -> None:
        binding = Binding(found.symbols, self._scales, one_number(self._program))
        columns = self.learned.columns_of([s for s in found.symbols if s.learnable])
        explaining = Explaining(self._program, self._template.at(key), self._semantics, self._budget)
        structure = Structure(found, binding, columns, explaining)
        beside = next(self.parameters(), torch.empty(0))
        self._structures[",".join(map(str, key))] = structure.to(beside.device, beside.dtype)


def _learnable(found: Iterable[Prepared]) -> list[Symbol]:
    by_name = {s.name: s for one in found for s in one.symbols if s.learnable}
    return list(by_name.values())
