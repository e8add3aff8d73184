"""Whose rows are whose, in the arrays of both kinds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from nesy.engines.outputs import marginals_of, most_probable, value_slices
from nesy.logic.program import Output

OUTPUTS = (Output("a", (0, 1, 2), (1, 2, 3)), Output("none", (), ()), Output("b", ("x",), (4,)))
KINDS = [np.array, torch.tensor]


def test_values_lie_side_by_side() -> None:
    assert value_slices(OUTPUTS) == [slice(0, 3), slice(3, 3), slice(3, 4)]
    assert value_slices(()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_output_has_its_rows(kind: Any) -> None:
    logs = kind([[-1.0, -9.0], [-2.0, -8.0], [-3.0, -7.0], [-4.0, -6.0]])
    a, none, b = marginals_of(OUTPUTS, logs)
    assert a.log_probs.tolist() == [[-1, -2, -3], [-9, -8, -7]]
    assert tuple(none.log_probs.shape) == (2, 0)
    assert b.log_probs.tolist() == [[-4], [-6]]


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_of_the_most_probable_values_is_taken(kind: Any) -> None:
    logs = kind([[-2.0, -np.inf], [-1.0, -5.0], [-1.0, -3.0], [-4.0, -6.0]])
    found = most_probable(marginals_of((OUTPUTS[0], OUTPUTS[2]), logs))
    assert found.tolist() == [[1, 0], [2, 0]]
    assert type(found) is type(logs)
