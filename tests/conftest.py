"""Settings of the whole suite: Hypothesis draws the same few examples every time; no cache of circuits."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# What a test compiles, it compiles: nothing comes from an earlier run, and nothing is left behind.
os.environ["NESY_CACHE"] = "off"

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,  # the first example pays for imports and caches
    database=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("NESY_HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """torch on one thread, for many small operations: on several it only waits at its barriers."""
    import torch  # noqa: PLC0415 - most tests do without

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
