"""Models over lists: examples of different lengths in one batch, each structure compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Union, final

import torch
from torch import Tensor, nn

from nesy.engines.inference import Engine
from nesy.engines.registry import resolve
from nesy.errors import EngineError, ModelError
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program
from nesy.logic.program import Output, Symbol, Value
from nesy.nn.binding import Binding
from nesy.nn.learned import Learned
from nesy.nn.named_networks import bound, modules, one_number
from nesy.nn.network import Network
from nesy.nn.pooling import run_together
from nesy.nn.prepared import Prepared, prepared, variables
from nesy.nn.sequence_template import SequenceTemplate
from nesy.nn.value_targets import ValueTargets, indices, per_example

Items = Union[Tensor, Sequence[Tensor]]
"""An input: a tensor (B, ...), or for a sequence B tensors (items, ...), as long as they are."""
Lengths = tuple[int, ...]


@final
class Structure(nn.Module):
    """What examples of the same lengths share: their template, grounded and compiled."""

    columns: Tensor

    def __init__(self, found: Prepared, binding: Binding, columns: Tensor) -> None:
        super().__init__()
        self.prepared = found
        self.binding = binding
        self.register_buffer("columns", columns, persistent=False)


@final
@dataclass(frozen=True)
class Group:
    """The examples of a batch that share a structure. rows: their numbers. beliefs: (rows, V)."""

    structure: Structure
    rows: list[int]
    beliefs: Tensor


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
        ready = {key: self._prepared(key) for key in map(self._key, prepare)}
        self.learned = Learned(_learnable(ready.values()))
        self._structures = nn.ModuleDict()
        for key, found in ready.items():
            self._keep(key, found)

    def outputs(self, lengths: int | Mapping[str, int]) -> list[Output]:
        """The outputs of examples of some lengths: one length for all sequences, or by name.

        Cost: that of grounding and compiling for lengths not met before; else one step.
        """
        return list(self._structure(self._key(lengths)).prepared.outputs)

    def forward(self, **inputs: Items) -> list[list[Tensor]]:
        """For each example, for each of its outputs, the log-probabilities (values,) in nats.

        Cost: one call of each network for each length in the batch, one pass of the engine up and
        down.
        """
        answers: dict[int, list[Tensor]] = {}
        for group in self._groups(inputs):
            found = [m.log_probs for m in group.structure.prepared.inference.marginals(group.beliefs)]
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
            parts.append(group.structure.prepared.inference.log_prob(group.beliefs, wanted))
            rows += group.rows
        order = torch.tensor(rows, device=parts[0].device).argsort()
        return torch.cat(parts)[order]

    def loss(self, targets: ValueTargets, /, **inputs: Items) -> Tensor:
        """Scalar: what the engine trains on, the mean over all examples. Cost: as `log_prob`."""
        total, count = [], 0
        for group, wanted in self._with_targets(targets, inputs):
            total.append(group.structure.prepared.inference.loss(group.beliefs, wanted) * len(group.rows))
            count += len(group.rows)
        return torch.stack(total).sum() / count

    @torch.no_grad()
    def predict(self, **inputs: Items) -> list[list[Value]]:
        """For each example the predicted value of each of its outputs.

        Cost: as `forward`, with the engine's own way to predict.
        """
        answers: dict[int, list[Value]] = {}
        for group in self._groups(inputs):
            found = group.structure.prepared
            guess = found.inference.predict(group.beliefs).tolist()
            for row, values in zip(group.rows, guess, strict=True):
                answers[row] = [o.domain[v] for o, v in zip(found.outputs, values, strict=True)]
        return [answers[row] for row in range(len(answers))]

    def _with_targets(self, targets: ValueTargets, inputs: Mapping[str, Items]) -> list[tuple[Group, Tensor]]:
        groups = self._groups(inputs)
        given = per_example(targets, sum(len(group.rows) for group in groups))
        return [
            (
                group,
                indices([given[r] for r in group.rows], group.rows, group.structure.prepared.outputs).to(
                    group.beliefs.device
                ),
            )
            for group in groups
        ]

    def _groups(self, inputs: Mapping[str, Items]) -> list[Group]:
        """The examples by structure, and their beliefs: every network once for all of them."""
        members: dict[Lengths, list[int]] = {}
        for row, key in enumerate(self._keys(inputs)):
            members.setdefault(key, []).append(row)
        found = [(self._structure(key), rows) for key, rows in members.items()]
        bindings = [structure.binding for structure, _ in found]
        runs = [
            structure.binding.begin(self._picked(inputs, rows, structure.binding.names), len(rows))
            for structure, rows in found
        ]
        run_together(bindings, self.networks, runs)
        return [
            Group(structure, rows, structure.binding.beliefs(self.learned(structure.columns), run))
            for (structure, rows), run in zip(found, runs, strict=True)
        ]

    def _keys(self, inputs: Mapping[str, Items]) -> list[Lengths]:
        sizes = set()
        for name in self._template.names:
            if name not in inputs or isinstance(inputs[name], Tensor):
                shown = "a tensor" if name in inputs else "not given"
                raise ModelError(
                    "missing-sequence",
                    f"the input {name} is {shown}, expected a list of tensors",
                    hint="give one tensor for each example: as many rows as its sequence has items",
                )
        for items in inputs.values():
            sizes.add(len(items))
        if len(sizes) > 1:
            shown = ", ".join(f"{name} has {len(items)}" for name, items in inputs.items())
            raise ModelError(
                "wrong-shape",
                f"the inputs are for different numbers of examples: {shown}",
                hint="item i of every input is about example i: give all of them as many",
            )
        columns = [[len(item) for item in inputs[name]] for name in self._template.names]
        return list(zip(*columns, strict=True))

    def _picked(
        self, inputs: Mapping[str, Items], rows: Sequence[int], names: Sequence[str]
    ) -> dict[str, Tensor]:
        """The inputs of some examples, as `Binding` takes them; empty sequences have no items to give."""
        found = {}
        for name, items in inputs.items():
            if isinstance(items, Tensor):
                found[name] = items[torch.tensor(rows, device=items.device)]
            elif name in names:
                found[name] = _stacked(name, [items[row] for row in rows])
            elif name not in self._template.names:
                raise ModelError(
                    "unexpected-input",
                    f"no network takes the input {name}",
                    hint=f"the sequences are {', '.join(self._template.names)}",
                )
        return found

    def _key(self, lengths: int | Mapping[str, int]) -> Lengths:
        names = self._template.names
        if isinstance(lengths, int):
            return (lengths,) * len(names)
        if set(lengths) != set(names):
            raise ModelError(
                "missing-sequence",
                f"lengths are given for {', '.join(lengths) or 'nothing'}",
                hint=f"give one for each of {', '.join(names)}",
            )
        return tuple(lengths[name] for name in names)

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
        structure = Structure(found, binding, columns)
        beside = next(self.parameters(), torch.empty(0))
        self._structures[",".join(map(str, key))] = structure.to(beside.device, beside.dtype)


def _stacked(name: str, items: Sequence[Tensor]) -> Tensor:
    shapes = dict.fromkeys(tuple(item.shape) for item in items)
    if len(shapes) > 1:
        raise ModelError(
            "wrong-shape",
            f"the input {name} has the shapes {', '.join(map(str, shapes))} in examples of one structure",
            hint="items have one shape; let a variable of the query stand for the length of what varies",
        )
    return torch.stack(list(items))


def _learnable(found: Iterable[Prepared]) -> list[Symbol]:
    by_name = {s.name: s for one in found for s in one.symbols if s.learnable}
    return list(by_name.values())
