"""The random numbers of a run: fixed by a seed, kept in checkpoints, and left alone by evaluation."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from nesy.engines.inference import Inference

State = Mapping[str, Any]
"""Numbers, texts, tuples and tensors only: it is loaded without pickle."""


def seed_all(seed: int) -> None:
    """Set the random numbers of Python, numpy and torch, on all devices."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def captured(inference: Inference) -> State:
    """Where all random numbers are: Python's, numpy's, torch's on every device, and the engine's own."""
    numpy_state: Mapping[str, Any] = np.random.get_state(legacy=False)
    return {
        "python": random.getstate(),
        "numpy": {
            "key": torch.from_numpy(numpy_state["state"]["key"].astype(np.int64)),
            "pos": int(numpy_state["state"]["pos"]),
            "has_gauss": int(numpy_state["has_gauss"]),
            "gauss": float(numpy_state["gauss"]),
        },
        "torch": torch.get_rng_state(),
        # To ask a GPU that nobody uses would take its memory.
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else [],  # type: ignore[no-untyped-call]
        "engine": dict(inference.random_state()),
    }


def restore(state: State, inference: Inference) -> None:
    """Go on drawing where `captured` was."""
    version, numbers, gauss = state["python"]
    random.setstate((version, tuple(numbers), gauss))
    kept = state["numpy"]
    np.random.set_state(
        {
            "bit_generator": "MT19937",
            "state": {"key": kept["key"].numpy().astype(np.uint32), "pos": kept["pos"]},
            "has_gauss": kept["has_gauss"],
            "gauss": kept["gauss"],
        }
    )
    torch.set_rng_state(state["torch"])
    for number, kept_there in enumerate(state["cuda"][: torch.cuda.device_count()]):
        torch.cuda.set_rng_state(kept_there, number)
    inference.set_random_state(state["engine"])


@contextmanager
def set_aside(inference: Inference, seed: int) -> Iterator[None]:
    """A block that draws from a seed, after which drawing goes on as if it had not been."""
    before = captured(inference)
    seed_all(seed)
    inference.set_random_state({})
    try:
        yield
    finally:
        restore(before, inference)
