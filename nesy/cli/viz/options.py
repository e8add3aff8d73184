"""The pictures of `nesy viz`, by name."""

from __future__ import annotations

from enum import Enum


class What(str, Enum):
    """A picture, by name."""

    PREDICATES = "predicates"
    GROUND = "ground"
    CIRCUIT = "circuit"
    CURVES = "curves"
    CONFUSION = "confusion"
    CALIBRATION = "calibration"
