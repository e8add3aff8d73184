"""A circuit as one backend of torch's keeps it: laid out once, and placed on each device that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Protocol, final

import torch
from torch import Tensor
from torch.utils._python_dispatch import _disable_current_modes

from nesy.circuit.circuit import Circuit
from nesy.circuit.layers import lower
from nesy.kernels.schedule import Schedule, schedule
from nesy.kernels.torch_composite import Composite, composite
from nesy.kernels.torch_plain import is_plain
from nesy.kernels.torch_schedule import inside, on_device


class RawPasses(Protocol):
    """A backend's two passes over a circuit, on tensors that are just numbers."""

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """(roots, kept) from inputs (width, B); kept is what `backward` wants."""

    def backward(self, root_gradients: Tensor, kept: Tensor) -> Tensor:
        """The gradient with respect to the inputs, (width, B)."""


@final
class Placed:
    """A circuit on a device. Tensors that are more than numbers take operations that torch sees."""

    def __init__(self, plan: Plan, device: torch.device, passes: RawPasses) -> None:
        self.passes = passes
        self._plan = plan
        self._device = device

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """(roots, kept) from inputs (width, B); kept is what `backward` wants."""
        if is_plain(inputs):
            return self.passes.forward(inputs.detach())
        roots, kept = torch.ops.nesy.circuit_log(inputs, self._plan.handle)
        return roots, kept

    def backward(self, root_gradients: Tensor, kept: Tensor) -> Tensor:
        """The gradient with respect to the inputs, (width, B)."""
        if is_plain(root_gradients) and is_plain(kept):
            return self.passes.backward(root_gradients.detach(), kept.detach())
        found: Tensor = torch.ops.nesy.circuit_log_backward(root_gradients, kept, self._plan.handle)
        return found

    def composite(self) -> Composite:
        """The same circuit as torch's own operations; laid out at the first call."""
        return self._composite

    @cached_property
    def _composite(self) -> Composite:
        with _nothing_watching():
            return composite(self._plan.schedule, self._device)


@final
class Plan:
    """What a backend knows of a circuit.

    handle: by what operations know it. backend: its name. width, roots: the circuit's. rows: of what
    `forward` keeps, which is in `kept_dtype` of the inputs.
    on_plain: a shorter way for plain tensors, (inputs, placed) to roots, where the backend has one.
    """

    def __init__(self, circuit: Circuit, backend: str, handle: int) -> None:
        self.handle = handle
        self.backend = backend
        self.width = circuit.width
        self.roots = len(circuit.roots)
        # The same arrays in another object: plans are found by circuits as long as these live.
        self._content = replace(circuit)
        self._placed: dict[torch.device, Placed] = {}
        self._place: Callable[[torch.device], RawPasses]
        self.kept_dtype: Callable[[Tensor], torch.dtype] = lambda inputs: inputs.dtype
        self.on_plain: Callable[[Tensor, Placed], Tensor] | None = None
        if backend == "numba":
            # Loaded here, where a circuit is large enough.
            from nesy.kernels.numba_plan import plan_of  # noqa: PLC0415
            from nesy.kernels.torch_numba import CompiledSchedule  # noqa: PLC0415

            compiled = CompiledSchedule(plan_of(circuit))
            self.on_plain = compiled.evaluate_plain
            self.rows = circuit.width
            self._place = lambda _: compiled
        elif backend == "triton":
            from nesy.kernels.triton_layout import gpu_layout  # noqa: PLC0415
            from nesy.kernels.triton_log import on_gpu  # noqa: PLC0415

            layout = gpu_layout(circuit)
            self.rows = layout.rows
            self._place = lambda device: on_gpu(layout, device)
        else:
            self.rows = self.schedule.rows
            self.kept_dtype = inside
            self._place = lambda device: on_device(self.schedule, device)

    @cached_property
    def schedule(self) -> Schedule:
        """The circuit's layers, in steps."""
        return schedule(lower(self._content))

    def on(self, device: torch.device) -> Placed:
        """The circuit on a device, laid out there at the first call."""
        found = self._placed.get(device)
        if found is None:
            with _nothing_watching():
                found = self._placed.setdefault(device, Placed(self, device, self._place(device)))
        return found


@contextmanager
def _nothing_watching() -> Iterator[None]:
    """What is made here outlives whatever transformation, mode or tracer the caller is in: keep it plain."""
    with torch._C._DisableFuncTorch(), _disable_current_modes(), torch.inference_mode(False):
        yield
