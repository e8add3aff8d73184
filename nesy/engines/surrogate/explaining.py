"""Worlds of the whole program that give what was observed: modules are explained in turn, last first."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor

from nesy.engines.surrogate.groups import Arrangement, Group
from nesy.engines.surrogate.local import Local
from nesy.engines.surrogate.networks import UNOBSERVED, Products
from nesy.logic.program import GroundProgram


@final
class Explaining:
    """A beam over worlds. Going forward, modules hand on what is observed; going back, each is explained.

    A module's explanation chooses values for what other modules hand it, which these have to explain. What
    is handed on has weight only where some world has it, so that the beam never ends without a world.
    """

    def __init__(self, program: GroundProgram, arrangement: Arrangement, beam: int) -> None:
        self._offsets = program.offsets
        self._symbols = len(program.symbols)
        self._arrangement = arrangement
        self._beam = beam

    @property
    def by_tables(self) -> bool:
        """Whether nothing that was learnt has a part in explanations."""
        return all(
            group.learner.listed
            and (group.modules[0].gives is None or isinstance(group.learner.network, Products))
            for group in self._arrangement.groups
        )

    def explain(self, beliefs: Tensor, targets: Tensor) -> Tensor:
        """(B, n): for each row a probable world with the targets and the condition; -1 throughout for none.

        beliefs: (B, V) probabilities. Symbols that no module depends on have their most probable value.
        Cost: for each module that of its explanation model, for each of the worlds in the beam.
        """
        passes = self._forward(beliefs, targets)
        state = _Beam(len(beliefs), self._symbols)
        for group, inputs, observed in reversed(passes):
            for number in range(len(group.modules)):
                rows = torch.arange(len(beliefs)) * len(group.modules) + number
                self._one(group, number, inputs[rows], observed[rows], state)
        return self._finished(state, beliefs)

    def _forward(self, beliefs: Tensor, targets: Tensor) -> list[tuple[Group, Tensor, Tensor]]:
        derived: dict[int, Tensor] = {}
        found = []
        for group in self._arrangement.groups:
            inputs = group.inputs(beliefs, derived)
            observed = group.observed(targets, met=True)
            if group.modules[0].gives is not None:
                # What a table says is exact, however little was learnt of it.
                said = group.learner.true(inputs) or group.learner.network(inputs)
                group.hand_on(said, observed, derived)
            found.append((group, inputs, observed))
        return found

    def _one(self, group: Group, number: int, inputs: Tensor, observed: Tensor, state: _Beam) -> None:
        """Explain one module in every state of the beam."""
        module, local = group.modules[number], group.learner.local
        kept = state.scores.shape[1]
        rows = inputs.repeat_interleave(kept, dim=0)
        seen = observed.repeat_interleave(kept, dim=0)
        pending = torch.zeros(len(seen), dtype=torch.float32)
        if module.gives is not None:
            seen[:, group.gives], pending = state.wanted.pop(module.gives)
        worlds, scores = group.learner.explainer().worlds(rows, seen, self._beam)
        before = state.scores.flatten()
        # A state that no world is behind stays one, whatever it wanted.
        before = torch.where(before > -torch.inf, before - pending, -torch.inf)
        total = before[:, None] + scores
        state.choose(total.reshape(-1, kept, total.shape[1]), self._beam)
        chosen = worlds.flatten(0, 1)[state.origin.flatten()]
        for place, symbol in enumerate(module.symbols):
            state.worlds[:, :, symbol] = (chosen[:, place] + int(local.starts[place])).view_as(state.scores)
            state.classes[symbol] = module.local, place
        for place, taken in enumerate(module.takes, start=len(module.symbols)):
            values = chosen[:, place]
            parent = state.origin.flatten() // worlds.shape[1]
            beliefs = rows[parent, int(local.starts[place]) + values]
            state.wanted[taken] = torch.from_numpy(module.local.values[place])[values], beliefs.log()

    def _finished(self, state: _Beam, beliefs: Tensor) -> Tensor:
        """The best state's classes as values: of those in a class the one most believed in."""
        best = state.worlds[:, 0]
        found = torch.empty(len(beliefs), self._symbols, dtype=torch.int64)
        for symbol in range(self._symbols):
            own = beliefs[:, self._offsets[symbol] : self._offsets[symbol + 1]]
            if symbol in state.classes:
                local, place = state.classes[symbol]
                a, b = local.program.offsets[place], local.program.offsets[place + 1]
                classes = torch.from_numpy(local.classes[a:b])
                own = own.masked_fill(classes != best[:, symbol : symbol + 1], -1.0)
            found[:, symbol] = own.argmax(dim=1)
        return torch.where(state.scores[:, :1] > -torch.inf, found, UNOBSERVED)


@final
class _Beam:
    """scores: (B, K). worlds: (B, K, n) classes, counted through. origin: (B, K), of what was chosen.

    wanted: for each derived variable that is not explained yet its value in each state, and the log-belief
    in it that the score holds for what explains it. classes: for each symbol the module that explained it,
    and its place there.
    """

    def __init__(self, rows: int, symbols: int) -> None:
        self.scores = torch.zeros(rows, 1, dtype=torch.float32)
        self.worlds = torch.full((rows, 1, symbols), UNOBSERVED)
        self.origin = torch.zeros(rows, 1, dtype=torch.int64)
        self.wanted: dict[int, tuple[Tensor, Tensor]] = {}
        self.classes: dict[int, tuple[Local, int]] = {}

    def choose(self, total: Tensor, beam: int) -> None:
        """Keep the best of (B, K, choices) continuations, each row's own."""
        rows, kept, choices = total.shape
        flat = total.flatten(1)
        self.scores, places = flat.topk(min(beam, flat.shape[1]), dim=1)
        parent = places // choices
        first = torch.arange(rows)[:, None]
        self.worlds = self.worlds[first, parent]
        for variable, (values, logs) in self.wanted.items():
            moved = [x.reshape(rows, kept)[first, parent].flatten() for x in (values, logs)]
            self.wanted[variable] = moved[0], moved[1]
        self.origin = places + first * kept * choices
