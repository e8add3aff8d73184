"""From tensors to beliefs: which inputs each network needs, in one call, and where its numbers go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor, nn

from nesy.errors import ModelError
from nesy.logic.program import GroundProgram, InputRef, NetworkCall, Symbol
from nesy.nn.network import Network, binary, categorical


@final
@dataclass(frozen=True)
class Stage:
    """Calls of one network that can be made together: their inputs are at hand by then.

    readings: which call gives which symbol its distribution, as (index of the call, symbol).
    tensors: the indices of the calls whose result feeds another network.
    """

    network: str
    calls: tuple[NetworkCall, ...]
    readings: tuple[tuple[int, int], ...]
    tensors: tuple[int, ...]


def stages(program: GroundProgram) -> tuple[Stage, ...]:
    """The calls of all networks, grouped so that each network runs as seldom as inputs allow.

    Calls that feed other networks come first. A network whose inputs are all tensors of the user's
    runs once. Distinct symbols over equal calls share one evaluation.
    """
    symbols: dict[NetworkCall, list[int]] = {}
    for number, symbol in enumerate(program.symbols):
        if symbol.call is not None:
            symbols.setdefault(symbol.call, []).append(number)
    depths = _depths(symbols)
    fed = {i.network for call in depths for i in call.inputs if i.network is not None}
    groups: dict[tuple[int, str], list[NetworkCall]] = {}
    for call, depth in depths.items():
        groups.setdefault((depth, call.network), []).append(call)
    return tuple(
        Stage(
            network,
            tuple(calls),
            tuple((i, s) for i, call in enumerate(calls) for s in symbols.get(call, ())),
            tuple(i for i, call in enumerate(calls) if call in fed),
        )
        for (_, network), calls in sorted(groups.items(), key=lambda item: item[0])
    )


def _depths(calls: Iterable[NetworkCall]) -> dict[NetworkCall, int]:
    """For each call and those that feed it: one more than the deepest call that feeds it. Iterative."""
    depths: dict[NetworkCall, int] = {}
    for call in calls:
        stack = [call]
        while stack:
            current = stack[-1]
            below = [i.network for i in current.inputs if i.network is not None]
            missing = [c for c in below if c not in depths]
            if missing:
                stack.extend(missing)
            else:
                depths.setdefault(current, 1 + max((depths[c] for c in below), default=-1))
                stack.pop()
    return depths


def input_names(program: GroundProgram) -> tuple[str, ...]:
    """The names under which the user must give tensors, in order of first use."""
    names: dict[str, None] = {}
    work = [s.call for s in program.symbols if s.call is not None]
    for call in work:
        for ref in call.inputs:
            if ref.network is None:
                names[ref.name] = None
            else:
                work.append(ref.network)
    return tuple(names)


@final
class Binding(nn.Module):
    """Turns a batch of inputs into beliefs (B, V): every network once per stage, then one gather."""

    prior: Tensor

    def __init__(self, program: GroundProgram, networks: Mapping[str, Network]) -> None:
        super().__init__()
        self._symbols: tuple[Symbol, ...] = program.symbols
        self._stages = stages(program)
        self._scales = {name: network.scale for name, network in networks.items()}
        self._names = input_names(program)
        self._checked = False
        self.networks = nn.ModuleDict({name: network.module for name, network in networks.items()})
        order, prior = _column_order(program, self._stages)
        self.register_buffer("prior", torch.tensor(prior, dtype=torch.float64).log(), persistent=False)
        self._order: list[int] | None = None if order == sorted(order) else order

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Beliefs (B, V), log-probabilities in nats, float32 unless the networks return float64.

        Raises `ModelError`: missing-input, unexpected-input, wrong-shape, network-failed, network-output,
        not-a-distribution (on the first call).
        """
        batch = self._check_inputs(inputs)
        tensors: dict[NetworkCall, Tensor] = {}
        blocks: list[Tensor] = []
        for stage in self._stages:
            blocks.extend(self._run(stage, inputs, tensors, batch))
        self._checked = True
        dtype = blocks[0].dtype if blocks else torch.get_default_dtype()
        device = blocks[0].device if blocks else self.prior.device
        if self.prior.numel():
            blocks.append(self.prior.to(device, dtype).expand(batch, -1))
        beliefs = torch.cat(blocks, dim=1) if blocks else torch.zeros(batch, 0)
        if self._order is None:
            return beliefs
        return beliefs[:, torch.tensor(self._order, device=device)]

    def _check_inputs(self, inputs: Mapping[str, Tensor]) -> int:
        for name in self._names:
            if name not in inputs:
                raise ModelError(
                    "missing-input",
                    f"the rules use the input {name}, but no tensor of that name was given",
                    hint=f"call with {', '.join(f'{n}=...' for n in self._names)}",
                )
        sizes = {}
        for name, tensor in inputs.items():
            if name not in self._names:
                raise ModelError(
                    "unexpected-input",
                    f"no network takes the input {name}",
                    hint=f"the inputs are {', '.join(self._names) or 'none'}",
                )
            if not isinstance(tensor, Tensor) or tensor.ndim == 0:
                raise ModelError("wrong-shape", f"the input {name} must be a tensor with a batch dimension")
            sizes[name] = tensor.shape[0]
        if len(set(sizes.values())) > 1:
            shown = ", ".join(f"{n} has {s}" for n, s in sizes.items())
            raise ModelError("wrong-shape", f"the inputs' batch dimensions differ: {shown}")
        return next(iter(sizes.values()), 1)

    def _run(
        self,
        stage: Stage,
        inputs: Mapping[str, Tensor],
        tensors: dict[NetworkCall, Tensor],
        batch: int,
    ) -> list[Tensor]:
        """Evaluate a stage's calls in one go; keeps tensors, returns blocks (B, values) of its symbols."""
        args = [
            _stacked([_resolve(call.inputs[position], inputs, tensors) for call in stage.calls])
            for position in range(len(stage.calls[0].inputs))
        ]
        found = self._call(stage.network, args)
        rows = batch * len(stage.calls)
        if not isinstance(found, Tensor) or found.shape[:1] != (rows,):
            shown = tuple(found.shape) if isinstance(found, Tensor) else type(found).__name__
            raise ModelError(
                "network-output",
                f"network {stage.network!r} was given {rows} rows and returned {shown}",
                hint="a network must return one row for each row of its inputs",
            )
        for index in stage.tensors:
            tensors[stage.calls[index]] = found[index * batch : (index + 1) * batch]
        return self._distributions(stage, found, batch) if stage.readings else []

    def _distributions(self, stage: Stage, found: Tensor, batch: int) -> list[Tensor]:
        logs = self._log_probs(stage, found)
        count, values = len(stage.calls), logs.shape[1]
        if [call for call, _ in stage.readings] == list(range(count)):
            block = logs.view(count, batch, values).transpose(0, 1)
            return [block.reshape(batch, count * values)]
        return [logs[call * batch : (call + 1) * batch] for call, _ in stage.readings]

    def _log_probs(self, stage: Stage, found: Tensor) -> Tensor:
        name, scale, check = stage.network, self._scales[stage.network], not self._checked
        sizes = {(is_binary(s), len(s.values)) for s in (self._symbols[n] for _, n in stage.readings)}
        if len(sizes) > 1:
            raise ModelError(
                "network-output",
                f"the rules give network {name!r} domains of different sizes",
                hint="use one domain size per network; register a module under two names to use it twice",
            )
        ((two, values),) = sizes
        if two:
            return binary(name, scale, found, found.shape[0], check=check)
        return categorical(name, scale, found, values, check=check)

    def _call(self, name: str, args: Sequence[Tensor]) -> Tensor:
        try:
            found: Tensor = self.networks[name](*args)
        except (RuntimeError, TypeError, ValueError, IndexError) as reason:
            shapes = ", ".join(str(tuple(a.shape)) for a in args)
            raise ModelError(
                "network-failed",
                f"network {name!r} failed on inputs of shape {shapes}: {reason}",
                hint="all of a network's inputs are stacked along the first dimension, into one call",
            ) from reason
        return found


def is_binary(symbol: Symbol) -> bool:
    """Whether a network symbol comes from nn/2: one number, the probability of true."""
    return symbol.values == ("false", "true")


def _stacked(parts: Sequence[Tensor]) -> Tensor:
    return parts[0] if len(parts) == 1 else torch.cat(list(parts), dim=0)


def _resolve(ref: InputRef, inputs: Mapping[str, Tensor], tensors: Mapping[NetworkCall, Tensor]) -> Tensor:
    """The tensor (B, ...) an input term names: `a` is the whole, `a(3)` is `a[:, 3]`."""
    if ref.network is not None:
        return tensors[ref.network]
    tensor = inputs[ref.name]
    for index in ref.index:
        if not isinstance(index, int):
            raise ModelError(
                "wrong-index",
                f"the input {ref} is indexed by {index!r}",
                hint="index inputs by whole numbers, counted from 0",
            )
    if len(ref.index) >= tensor.ndim or any(
        not 0 <= int(i) < n for i, n in zip(ref.index, tensor.shape[1:], strict=False)
    ):
        raise ModelError(
            "wrong-shape",
            f"the rules use {ref}, but the tensor {ref.name} has shape {tuple(tensor.shape)}",
            hint=f"{ref} is {ref.name}[:, {', '.join(map(str, ref.index))}], the batch coming first",
        )
    for index in ref.index:
        tensor = tensor[:, int(index)]
    return tensor


def _column_order(program: GroundProgram, all_stages: Sequence[Stage]) -> tuple[list[int], list[float]]:
    """Where each column of beliefs lies among the blocks as they are made, and the fixed probabilities."""
    made: list[int] = []
    prior: list[float] = []
    for stage in all_stages:
        made.extend(symbol for _, symbol in stage.readings)
    for number, symbol in enumerate(program.symbols):
        if symbol.prior is not None:
            made.append(number)
            prior.extend(symbol.prior)
    start: dict[int, int] = {}
    position = 0
    for number in made:
        start[number] = position
        position += len(program.symbols[number].values)
    order = [start[n] + v for n, s in enumerate(program.symbols) for v in range(len(s.values))]
    return order, prior
