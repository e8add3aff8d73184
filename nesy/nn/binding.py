"""From tensors to beliefs: which inputs each network needs, in one call, and where its numbers go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import final

import torch
from torch import Tensor, nn

from nesy.errors import ModelError, Span
from nesy.logic.program import InputRef, NetworkCall, Symbol
from nesy.nn.network import Scale, binary, categorical
from nesy.nn.stages import Stage, stages


def input_names(symbols: Sequence[Symbol]) -> tuple[str, ...]:
    """The names under which the user must give tensors, in order of first use.

    Raises `ModelError` (wrong-index) for an input that is indexed by anything but whole numbers.
    """
    names: dict[str, None] = {}
    for ref, span in _inputs(symbols):
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


def _inputs(symbols: Sequence[Symbol]) -> Iterator[tuple[InputRef, Span | None]]:
    """The user's inputs of every call, those of networks that feed others too, and whence in the rules."""
    seen: set[NetworkCall] = set()
    for symbol in symbols:
        work = [symbol.call] if symbol.call is not None else []
        while work:
            call = work.pop()
            if call not in seen:
                seen.add(call)
                own = (ref for ref in call.inputs if ref.network is None and ref.number is None)
                yield from ((ref, symbol.span) for ref in own)
                work.extend(ref.network for ref in reversed(call.inputs) if ref.network is not None)


@final
@dataclass(frozen=True)
class Run:
    """A batch on its way to beliefs: tensors made so far for other networks, and blocks of symbols."""

    inputs: Mapping[str, Tensor]
    batch: int
    tensors: dict[NetworkCall, Tensor] = field(default_factory=dict)
    blocks: list[Tensor] = field(default_factory=list)


@final
class Binding(nn.Module):
    """Turns a batch of inputs into beliefs (B, V): every network once per stage, then one gather."""

    place: Tensor
    order: Tensor

    def __init__(
        self, symbols: Sequence[Symbol], scales: Mapping[str, Scale], one_number: frozenset[str]
    ) -> None:
        """symbols: all of a program's, in order.

        one_number: the networks of nn/2, which give the probability of true alone.
        """
        super().__init__()
        self._symbols = tuple(symbols)
        self.stages = stages(symbols)
        self._scales = dict(scales)
        self._one_number = one_number
        self.names = input_names(symbols)
        self._checked = False
        order, prior = _column_order(self._symbols, self.stages)
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
        run = self.begin(inputs)
        for stage in self.stages:
            rows = run.batch * len(stage.calls)
            self.accept(stage, called(stage.network, networks, self.arguments(stage, run), rows), run)
        return self.beliefs(learned, run)

    def begin(self, inputs: Mapping[str, Tensor], batch: int | None = None) -> Run:
        """What is known of a batch before any network has run.

        batch: the number of examples, for rules that may take no input at all.
        Raises `ModelError`: missing-input, unexpected-input, wrong-shape.
        """
        found = self._check_inputs(inputs)
        return Run(inputs, found if batch is None else batch)

    def arguments(self, stage: Stage, run: Run) -> list[Tensor]:
        """What a stage's network is given: for each of its inputs all calls' rows, one below the other."""
        columns = zip(*(call.inputs for call in stage.calls), strict=True)
        return [stacked(stage.network, refs, [self._resolve(ref, run) for ref in refs]) for refs in columns]

    def accept(self, stage: Stage, found: Tensor, run: Run) -> None:
        """Take what a stage's network returned: (rows, ...), as many rows as it was given."""
        for index in stage.tensors:
            run.tensors[stage.calls[index]] = found[index * run.batch : (index + 1) * run.batch]
        if stage.readings:
            run.blocks.extend(self._distributions(stage, found, run.batch))

    def beliefs(self, learned: Tensor, run: Run) -> Tensor:
        """Beliefs (B, V) when all stages have been accepted."""
        self._checked = self._checked or run.batch > 0
        blocks = run.blocks
        blocks.append(self._fixed(blocks or [self.place]).expand(run.batch, -1))
        blocks.append(learned.expand(run.batch, -1))
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
        for name in self.names:
            if name not in inputs:
                raise ModelError(
                    "missing-input",
                    f"the rules use the input {name}, but no tensor of that name was given",
                    hint=f"call with {', '.join(f'{n}=...' for n in self.names)}",
                )
        sizes = {}
        for name, tensor in inputs.items():
            if name not in self.names:
                raise ModelError(
                    "unexpected-input",
                    f"no network takes the input {name}",
                    hint=f"the inputs are {', '.join(self.names) or 'none'}",
                )
            if not isinstance(tensor, Tensor) or tensor.ndim == 0:
                shown = "a number" if isinstance(tensor, Tensor) else f"a {type(tensor).__name__}"
                raise ModelError(
                    "wrong-shape",
                    f"the input {name} must be a tensor with a batch dimension, and is {shown}",
                    hint="its rows are examples: a single one is tensor.unsqueeze(0)",
                )
            sizes[name] = tensor.shape[0]
        first = next(iter(sizes.values()), 1)
        # Not a set of them: while torch traces, sizes may be symbols.
        if any(size != first for size in sizes.values()):
            shown = ", ".join(f"{n} has {s}" for n, s in sizes.items())
            raise ModelError(
                "wrong-shape",
                f"the inputs' batch dimensions differ: {shown}",
                hint="row i of every input is about example i: give all of them the same number of rows",
            )
        return first

    def _resolve(self, ref: InputRef, run: Run) -> Tensor:
        """The tensor (B, ...) of an input; a number of the rules is (B,), int64 or a float."""
        if ref.network is not None:
            return run.tensors[ref.network]
        if ref.number is None:
            return _picked(ref, run.inputs[ref.name])
        beside = next(iter(run.inputs.values()), self.place)
        floats = beside.dtype if beside.is_floating_point() else self.place.dtype
        dtype = torch.int64 if isinstance(ref.number, int) else floats
        return torch.full((run.batch,), ref.number, dtype=dtype, device=beside.device)

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


def called(name: str, networks: nn.ModuleDict, args: Sequence[Tensor], rows: int) -> Tensor:
    """What a network returns for so many rows.

    Raises `ModelError`: network-failed, network-output.
    """
    try:
        found: Tensor = networks[name](*args)
    except torch.cuda.OutOfMemoryError:
        raise  # training loops catch it, to go on with smaller batches
    except (RuntimeError, TypeError, ValueError, IndexError) as reason:
        shapes = ", ".join(str(tuple(a.shape)) for a in args)
        raise ModelError(
            "network-failed",
            f"network {name!r} failed on inputs of shape {shapes}: {reason}",
            hint=_remedy(networks[name], args, str(reason)),
        ) from reason
    if not isinstance(found, Tensor) or found.shape[:1] != (rows,):
        shown = tuple(found.shape) if isinstance(found, Tensor) else type(found).__name__
        raise ModelError(
            "network-output",
            f"network {name!r} was given {rows} rows and returned {shown}",
            hint="a network must return one row for each row of its inputs",
        )
    return found


def _remedy(network: nn.Module, args: Sequence[Tensor], reason: str) -> str:
    """What to do about a network's failure, as far as its inputs tell."""
    weights = next((p.dtype for p in network.parameters() if p.is_floating_point()), None)
    other = next((a.dtype for a in args if a.dtype != weights), None)
    if "type" in reason and weights is not None and other is not None:
        return f"its weights are {weights} and its inputs {other}: give it inputs.to({weights})"
    rows = ", ".join(str(tuple(a.shape[1:])) for a in args)
    return (
        f"each row is one input, of shape {rows}: all of a network's inputs are stacked along the first "
        "dimension, into one call"
    )


def stacked(network: str, refs: Sequence[InputRef], parts: Sequence[Tensor]) -> Tensor:
    """Several inputs of a network as one. Raises `ModelError` (mismatched-inputs)."""
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


def _column_order(symbols: Sequence[Symbol], all_stages: Sequence[Stage]) -> tuple[list[int], list[float]]:
    """Where each column of beliefs lies among the blocks as they are made, and the fixed probabilities."""
    made: list[int] = []
    prior: list[float] = []
    for stage in all_stages:
        made.extend(symbol for _, symbol in stage.readings)
    for number, symbol in enumerate(symbols):
        if symbol.prior is not None and not symbol.learnable:
            made.append(number)
            prior.extend(symbol.prior)
    made.extend(number for number, symbol in enumerate(symbols) if symbol.learnable)
    start: dict[int, int] = {}
    position = 0
    for number in made:
        start[number] = position
        position += len(symbols[number].values)
    order = [start[n] + v for n, s in enumerate(symbols) for v in range(len(s.values))]
    return order, prior
