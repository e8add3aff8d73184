"""What holds for all of the corpus."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="module")
def small_arrays(one_thread: None) -> None:
    """The corpus is small arrays."""
