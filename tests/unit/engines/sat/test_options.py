"""Options of the SAT-backed engine: what it takes, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from nesy.engines.sat import Sat
from nesy.errors import EngineError


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("scale", value) for value in (0, -1.0, np.inf, np.nan, "1000", None, True)),
        *(("perturb", value) for value in (-0.5, np.inf, np.nan, "1", None)),
        *(("time_limit", value) for value in (0, -1, np.inf, np.nan, "1", True)),
        *(("jobs", value) for value in (0, 1.5, "all", True)),
        *(("worlds", value) for value in (0, 1.5, "1", None)),
        *(("seed", value) for value in (-1, 0.5, "1", 1 << 63)),
        *(("training", value) for value in ("guess", None, 1)),
    ],
)
def test_wrong_values_are_refused(option: str, value: object) -> None:
    with pytest.raises(EngineError, match=f"{option} is ") as caught:
        Sat(**{option: value})
    assert caught.value.code == "invalid-option"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("scale", 1),
        ("scale", np.float32(0.5)),
        ("perturb", 0),
        ("time_limit", None),
        ("time_limit", 0.1),
        ("jobs", None),
        ("jobs", -1),
        ("jobs", np.int64(2)),
        ("worlds", 3),
        ("seed", None),
    ],
)
def test_right_values_are_taken(option: str, value: object) -> None:
    assert getattr(Sat(**{option: value}), option) == value
