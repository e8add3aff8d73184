"""What torch can compute on here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import torch


@final
@dataclass(frozen=True, slots=True)
class Accelerator:
    """A device beside the processor. memory: in bytes, 0 where it is not known."""

    device: str
    name: str
    memory: int


def accelerators() -> list[Accelerator]:
    """The devices that torch sees. Cost: loads the driver, where there is one."""
    found = [
        Accelerator(f"cuda:{index}", properties.name, properties.total_memory)
        for index in range(torch.cuda.device_count())
        for properties in [torch.cuda.get_device_properties(index)]
    ]
    if torch.backends.mps.is_available():
        found.append(Accelerator("mps", "Apple GPU", 0))
    return found


def thread_count() -> int:
    """How many threads torch's own operations use."""
    return torch.get_num_threads()
