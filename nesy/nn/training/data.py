"""Examples: what networks are shown, what is to be answered, and what the right concepts would be.

A configuration names a function that returns a mapping from the names of parts to their examples: `train`,
and where there are any `held_out`, `test`, `predict`. The examples of a part are an `Examples`, or any
dataset with `len(...)` whose items are `(inputs, targets)`, `(inputs, targets, concepts)`, or for `predict`
inputs alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Union, final

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import default_collate

from nesy.errors import ConfigError, DataError, Span
from nesy.nn.training.configuration.imports import FAILURES, innermost_place

PARTS = ("train", "held_out", "test", "predict")
"""What a function of data may return."""


@final
@dataclass(frozen=True, eq=False)
class Examples:
    """Examples side by side.

    inputs: tensors (N, ...) by the names that the rules use.
    targets: as a model's loss takes them: (N, m) or (N,) indices, -1 where not observed, or (N, values) soft.
    concepts: what networks should say: the index (N,) of the right value, by the name of a symbol as
    `model.symbols` has it, such as `digit(a,_)`; -1 where not known. They are never trained on.
    Raises `DataError` (uneven-examples) where their numbers differ.
    """

    inputs: Mapping[str, Tensor]
    targets: Tensor | None = None
    concepts: Mapping[str, Tensor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sizes = {name: len(tensor) for name, tensor in self.inputs.items()}
        sizes |= {f"concepts of {name}": len(tensor) for name, tensor in self.concepts.items()}
        if self.targets is not None:
            sizes["targets"] = len(self.targets)
        if len(set(sizes.values())) > 1:
            shown = ", ".join(f"{name} has {size}" for name, size in sizes.items())
            raise DataError("uneven-examples", f"the numbers of examples differ: {shown}")

    def __len__(self) -> int:
        if self.targets is not None:
            return len(self.targets)
        return len(next(iter(self.inputs.values()), ()))

    def rows(self, index: Tensor) -> Examples:
        """Some of the examples, in the order of their numbers. Cost: a copy of them."""
        targets = None if self.targets is None else self.targets[index.to(self.targets.device)]
        return Examples(_rows(self.inputs, index), targets, _rows(self.concepts, index))

    def to(self, device: torch.device, dtype: torch.dtype) -> Examples:
        """The examples where they are needed; floating-point inputs take the dtype."""
        inputs = {
            n: t.to(device, dtype if t.is_floating_point() else t.dtype) for n, t in self.inputs.items()
        }
        targets = None if self.targets is None else self.targets.to(device)
        return Examples(inputs, targets, {n: t.to(device) for n, t in self.concepts.items()})


def _rows(tensors: Mapping[str, Tensor], index: Tensor) -> dict[str, Tensor]:
    return {name: tensor[index.to(tensor.device)] for name, tensor in tensors.items()}


class Items(Protocol):
    """A dataset of single examples, such as a `torch.utils.data.Dataset` with a length."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Any: ...


Part = Union[Examples, Items]
"""The examples of one part of the data."""


def batch_of(part: Part, index: Tensor) -> Examples:
    """The examples of some numbers. Raises `DataError`: example-failed, malformed-example."""
    if isinstance(part, Examples):
        return part.rows(index)
    items = [_item(part, number) for number in index.tolist()]
    kinds = {len(item) for item in items}
    if len(kinds) != 1:
        raise DataError("malformed-example", "some examples have targets or concepts, and others have none")
    try:
        return Examples(*(default_collate(list(column)) for column in zip(*items, strict=True)))
    except (RuntimeError, TypeError, KeyError) as reason:
        raise DataError(
            "malformed-example",
            f"examples {index[:3].tolist()} and so on make no batch: {reason}",
            hint="all inputs of one name, and all targets, need one shape",
        ) from reason


def _item(part: Items, number: int) -> Sequence[object]:
    """(inputs), (inputs, targets) or (inputs, targets, concepts)."""
    try:
        found: object = part[number]
    except FAILURES as reason:
        raise DataError(
            "example-failed",
            f"example {number} failed: {type(reason).__name__}: {reason}{innermost_place(reason)}",
            hint=f"the mistake is in the code of {type(part).__name__}, or in what that needs",
        ) from reason
    parts = (found,) if isinstance(found, Mapping) else found
    if isinstance(parts, (tuple, list)) and 1 <= len(parts) <= 3 and isinstance(parts[0], Mapping):
        return parts
    raise DataError(
        "malformed-example",
        f"example {number} is a {type(found).__name__}, expected (inputs, targets)",
        hint='inputs are tensors by name, targets indices: return {"a": a, "b": b}, sum',
    )


def batches(part: Part, size: int, start: int = 0, order: Tensor | None = None) -> Iterator[Examples]:
    """All examples, the first `start` batches left out, in the order given or their own."""
    numbers = torch.arange(len(part)) if order is None else order
    for index in torch.split(numbers, size)[start:]:
        yield batch_of(part, index)


def shuffled(count: int, seed: int, epoch: int) -> Tensor:
    """(count,) a random order that the seed and the epoch fix, whatever else has been drawn."""
    state = int(np.random.SeedSequence([seed, epoch]).generate_state(1)[0])
    return torch.randperm(count, generator=torch.Generator().manual_seed(state))


def checked_parts(found: object, span: Span | None) -> dict[str, Part]:
    """What a function of data has returned, if that is what it should.

    Raises `ConfigError`: wrong-data.
    """
    if not isinstance(found, Mapping):
        raise _wrong(f"it returned a {type(found).__name__}", span)
    for name, part in found.items():
        if name not in PARTS:
            raise _wrong(f"it returned a part named {name!r}", span)
        if not (hasattr(part, "__len__") and (isinstance(part, Examples) or hasattr(part, "__getitem__"))):
            raise _wrong(f"its part {name} is a {type(part).__name__}", span)
    if not len(found.get("train", ())):
        raise _wrong("it returned no examples to train on", span)
    return dict(found)


def _wrong(what: str, span: Span | None) -> ConfigError:
    return ConfigError(
        "wrong-data",
        f"the function of the data is of no use: {what}",
        span=span,
        hint=f"return a mapping with train and what there is of {', '.join(PARTS[1:])}; "
        "each an Examples, or a dataset of (inputs, targets)",
    )
