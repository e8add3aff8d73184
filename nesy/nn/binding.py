"""From tensors to beliefs: which inputs each network needs, in one call, and where its numbers go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import final

import torch
from torch import Tensor, nn

from nesy.errors import ModelError, Span
from nesy.logic.program import GroundProgram, InputRef, NetworkCall, Symbol
from nesy.nn.network import Scale, binary, categorical
from nesy.nn.stages import Stage, stages


def input_names(program: GroundProgram) -> tuple[str, ...]:
    """The names under which the user must give tensors, in order of first use.

    Raises `ModelError` (wrong-index) for an input that is indexed by anything but whole numbers.
    """
    names: dict[str, None] = {}
    for ref, span in _inputs(program):
        for index in ref.index:
            if not isinstance(index, int):
                raise ModelError(
                    "wrong-index",
                    f"the input {ref} is indexed by {index}",
                    span=span,
                    hint="index inputs by whole numbers, counted from 0",
                )
        names[ref.name] = None
    return tuple(names)


def _inputs(program: GroundProgram) -> Iterator[tuple[InputRef, Span | None]]:
    """The user's inputs of every call, those of networks that feed others too, and whence in the rules."""
    seen: set[NetworkCall] = set()
    for symbol in program.symbols:
        work = [symbol.call] if symbol.call is not None else []
        while work:
            call = work.pop()
            if call not in seen:
                seen.add(call)
                own = (ref for ref in call.inputs if ref.network is None and ref.number is None)
                yield from ((ref, symbol.span) for ref in own)
                work.extend(ref.network for ref in reversed(call.inputs) if ref.network is not None)


@final
class Binding(nn.Module):
    """Turns a batch of inputs into beliefs (B, V): every network once per stage, then one gather."""

    place: Tensor
    order: Tensor

    def __init__(
        self, program: GroundProgram, scales: Mapping[str, Scale], one_number: frozenset[str]
    ) -> None:
        """one_number: the networks of nn/2, which give the probability of true alone."""
        super().__init__()
        self._symbols: tuple[Symbol, ...] = program.symbols
        self._stages = stages(program)
        self._scales = dict(scales)
        self._one_number = one_number
        self._names = input_names(program)
        self._checked = False
        order, prior = _column_order(program, self._stages)
        self._in_order = order == sorted(order)
        self.register_buffer("order", torch.tensor(order, dtype=torch.int64), persistent=False)
        # Where to be, and in what precision, when no network says so: follows `model.to`.
        self.register_buffer("place", torch.empty(0), persistent=False)
        # No buffer: it keeps its precision when the model goes to float32 and back.
        self._prior = torch.tensor(prior, dtype=torch.float64).log()
        self._prior_there = self._prior

    def forward(self, networks: nn.ModuleDict, learned: Tensor, inputs: Mapping[str, Tensor]) -> Tensor:
        """Beliefs (B, V), log-probabilities in nats, float32 unless a network returns float64.

        learned: (1, values) the log-probabilities of the symbols that are learnable, side by side.
        Raises `ModelError`: missing-input, unexpected-input, wrong-shape, mismatched-inputs,
        network-failed, network-output, not-a-distribution (on the first call).
        """
        batch = self._check_inputs(inputs)
        tensors: dict[NetworkCall, Tensor] = {}
        blocks: list[Tensor] = []
        for stage in self._stages:
            blocks.extend(self._run(stage, networks, inputs, tensors, batch))
        self._checked = self._checked or batch > 0
        blocks.append(self._fixed(blocks or [self.place]).expand(batch, -1))
        blocks.append(learned.expand(batch, -1))
        beliefs = torch.cat(blocks, dim=1)
        return beliefs if self._in_order else beliefs[:, self.order.to(beliefs.device)]

    def _fixed(self, beside: Sequence[Tensor]) -> Tensor:
        """The log-probabilities that the rules give, on the device and in the widest dtype of others."""
        dtype = torch.float32
        for block in beside:
            dtype = torch.promote_types(dtype, block.dtype)
        # Kept, because a copy to the device at every call would wait for it.
        if (self._prior_there.dtype, self._prior_there.device) != (dtype, beside[0].device):
            self._prior_there = self._prior.to(beside[0].device, dtype)
        return self._prior_there

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
        networks: nn.ModuleDict,
        inputs: Mapping[str, Tensor],
        tensors: dict[NetworkCall, Tensor],
        batch: int,
    ) -> list[Tensor]:
        """Evaluate a stage's calls in one go; keeps tensors, returns blocks (B, values) of its symbols."""
        columns = zip(*(call.inputs for call in stage.calls), strict=True)
        args = [
            _stacked(stage.network, refs, [self._resolve(ref, inputs, tensors, batch) for ref in refs])
            for refs in columns
        ]
        found = _call(stage.network, networks[stage.network], args)
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

    def _resolve(
        self,
        ref: InputRef,
        inputs: Mapping[str, Tensor],
        tensors: Mapping[NetworkCall, Tensor],
        batch: int,
    ) -> Tensor:
        """The tensor (B, ...) of an input; a number of the rules is (B,), int64 or a float."""
        if ref.network is not None:
            return tensors[ref.network]
        if ref.number is None:
            return _picked(ref, inputs[ref.name])
        beside = next(iter(inputs.values()), self.place)
        floats = beside.dtype if beside.is_floating_point() else self.place.dtype
        dtype = torch.int64 if isinstance(ref.number, int) else floats
        return torch.full((batch,), ref.number, dtype=dtype, device=beside.device)

    def _distributions(self, stage: Stage, found: Tensor, batch: int) -> list[Tensor]:
        logs = self._log_probs(stage, found)
        count, values = len(stage.calls), logs.shape[1]
        if [call for call, _ in stage.readings] == list(range(count)):
            block = logs.view(count, batch, values).transpose(0, 1)
            return [block.reshape(batch, count * values)]
        return [logs[call * batch : (call + 1) * batch] for call, _ in stage.readings]

    def _log_probs(self, stage: Stage, found: Tensor) -> Tensor:
        name, scale, check = stage.network, self._scales[stage.network], not self._checked
        if name in self._one_number:
            return binary(name, scale, found, found.shape[0], check=check)
        # The program's checks hold every label of one network to one number of values.
        values = len(self._symbols[stage.readings[0][1]].values)
        return categorical(name, scale, found, values, check=check)


def _call(name: str, network: nn.Module, args: Sequence[Tensor]) -> Tensor:
    try:
        found: Tensor = network(*args)
    except torch.cuda.OutOfMemoryError:
        raise  # training loops catch it, to go on with smaller batches
    except (RuntimeError, TypeError, ValueError, IndexError) as reason:
        shapes = ", ".join(str(tuple(a.shape)) for a in args)
        raise ModelError(
            "network-failed",
            f"network {name!r} failed on inputs of shape {shapes}: {reason}",
            hint="all of a network's inputs are stacked along the first dimension, into one call",
        ) from reason
    return found


def _stacked(network: str, refs: Sequence[InputRef], parts: Sequence[Tensor]) -> Tensor:
    if len({(part.shape[1:], part.device) for part in parts}) > 1:
        shown = {f"{r} is {tuple(p.shape)} on {p.device}": None for r, p in zip(refs, parts, strict=True)}
        raise ModelError(
            "mismatched-inputs",
            f"the inputs of network {network!r} differ: {', '.join(list(shown)[:8])}",
            hint="they go through the network as one batch: give them one shape and device, "
            "or use a network of another name for some",
        )
    return parts[0] if len(parts) == 1 else torch.cat(list(parts), dim=0)


def _picked(ref: InputRef, tensor: Tensor) -> Tensor:
    """What an input term names of a tensor (B, ...): `a` is the whole, `a(3)` is `a[:, 3]`."""
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
        if symbol.prior is not None and not symbol.learnable:
            made.append(number)
            prior.extend(symbol.prior)
    made.extend(number for number, symbol in enumerate(program.symbols) if symbol.learnable)
    start: dict[int, int] = {}
    position = 0
    for number in made:
        start[number] = position
        position += len(program.symbols[number].values)
    order = [start[n] + v for n, s in enumerate(program.symbols) for v in range(len(s.values))]
    return order, prior
