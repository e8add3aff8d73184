"""Modules that can be asked together: of one kind, and none of which waits for another of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import final

import torch
from torch import Tensor

from nesy.engines.surrogate.learner import Learner
from nesy.engines.surrogate.local import Shapes
from nesy.engines.surrogate.modules import Conjunction, Module, Structure
from nesy.engines.surrogate.networks import UNOBSERVED, Answer
from nesy.engines.surrogate.options import Options
from nesy.logic.program import GroundProgram


@final
class Group:
    """Modules of one kind and the learner that they share; they are asked in one call of its network.

    kind: the learner's number.
    """

    def __init__(
        self, program: GroundProgram, modules: Sequence[Module], learner: Learner, kind: int
    ) -> None:
        self.modules = tuple(modules)
        self.learner = learner
        self.kind = kind
        offsets = list(pairwise(program.offsets))
        columns = [[c for s in m.symbols for c in range(*offsets[s])] for m in modules]
        self._columns = torch.tensor(columns, dtype=torch.int64)
        # Modules of a kind may tell apart different values of their symbols: each has classes of its own.
        every = range(len(learner.local.classes))
        self._plain = all(m.local.classes.tolist() == list(every) for m in modules)
        self._merging = torch.zeros(len(modules), len(every), learner.local.width, dtype=torch.float32)
        for number, module in enumerate(modules):
            self._merging[number, torch.arange(len(every)), torch.from_numpy(module.local.classes)] = 1

    def inputs(self, beliefs: Tensor, derived: dict[int, Tensor]) -> Tensor:
        """(B * modules, width): probabilities of the classes of all inputs. beliefs: (B, V) probabilities."""
        found = beliefs[:, self._columns]
        if self.modules[0].takes:
            handed = [torch.cat([derived[t] for t in m.takes], dim=1) for m in self.modules]
            found = torch.cat([found, torch.stack(handed, dim=1)], dim=2)
        merged = found if self._plain else torch.einsum("bmv,mvw->bmw", found, self._merging)
        return merged.flatten(0, 1)

    def observed(self, targets: Tensor, *, met: bool) -> Tensor:
        """(B * modules, dimensions): what targets (B, m) say of the modules' dimensions; -1 is nothing."""
        local = self.learner.local
        found = targets.new_full((len(targets), len(self.modules), len(local.dimensions)), UNOBSERVED)
        for place, module in enumerate(self.modules):
            for output, read in zip(module.outputs, local.reads, strict=False):
                wanted = targets[:, output]
                if read.exclusive:
                    found[:, place, read.dimension] = wanted
                    continue
                rows = torch.nonzero(wanted >= 0)[:, 0]
                found[rows, place, read.dimension + wanted[rows]] = 1
        if local.met is not None and met:
            found[:, :, local.met] = 1
        return found.flatten(0, 1)

    def hand_on(self, answer: Answer, observed: Tensor, derived: dict[int, Tensor]) -> None:
        """Beliefs in what the modules derive, given what was observed of them."""
        if self.modules[0].gives is None:
            return
        given = answer.conditional(observed, self.gives)
        parts = given.reshape(-1, len(self.modules), given.shape[1])
        for place, module in enumerate(self.modules):
            if module.gives is not None:
                derived[module.gives] = parts[:, place]

    @property
    def gives(self) -> int:
        """The dimension that is handed on."""
        return self.learner.local.reads[len(self.modules[0].outputs)].dimension


@final
@dataclass(frozen=True, eq=False)
class Conjuncts:
    """A conjunction, its conjuncts in groups of a kind each."""

    output: int
    holds: int
    groups: tuple[Group, ...]


@final
@dataclass(frozen=True, eq=False)
class Arrangement:
    """groups: in the order in which they can be asked. conjunctions: of outputs that are asked apart."""

    learners: tuple[Learner, ...]
    groups: tuple[Group, ...]
    conjunctions: tuple[Conjuncts, ...]

    @property
    def counts(self) -> list[int]:
        """How many modules each learner is for."""
        found = [0] * len(self.learners)
        for group in self.all_groups:
            found[group.kind] += len(group.modules)
        return found

    @property
    def all_groups(self) -> list[Group]:
        """Those of conjunctions, too."""
        return [*self.groups, *(g for c in self.conjunctions for g in c.groups)]


def arranged(
    program: GroundProgram, structure: Structure, options: Options, generator: torch.Generator
) -> Arrangement:
    """Learners for the kinds of modules, and modules in groups. Cost: O(nodes of all modules)."""
    shapes, kinds = Shapes(), dict[object, int]()
    learners: list[Learner] = []

    def kind(module: Module) -> int:
        number = kinds.setdefault(shapes.key(module.local), len(kinds))
        if number == len(learners):
            learners.append(Learner(module.local, options, generator))
        return number

    levels: dict[int, int] = {}
    waves: dict[tuple[int, int, bool, int], list[Module]] = {}
    for module in structure.modules:
        level = max((levels[t] + 1 for t in module.takes), default=0)
        if module.gives is not None:
            levels[module.gives] = level
        waves.setdefault((level, kind(module), module.gives is None, len(module.takes)), []).append(module)
    ordered = sorted(waves.items(), key=lambda item: item[0])
    groups = [Group(program, modules, learners[k], k) for (_, k, _, _), modules in ordered]
    conjunctions = [_conjuncts(program, c, kind, learners) for c in structure.conjunctions]
    return Arrangement(tuple(learners), tuple(groups), tuple(conjunctions))


def _conjuncts(program, conjunction: Conjunction, kind, learners) -> Conjuncts:  # type: ignore[no-untyped-def]
    by_kind: dict[int, list[Module]] = {}
    for module in conjunction.conjuncts:
        by_kind.setdefault(kind(module), []).append(module)
    groups = tuple(Group(program, modules, learners[k], k) for k, modules in by_kind.items())
    return Conjuncts(conjunction.output, conjunction.holds, groups)
