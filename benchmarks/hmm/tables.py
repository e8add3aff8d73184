"""The tables of the chain that draws the examples: those that `known.nesy` writes down."""

from __future__ import annotations

import numpy as np

STATES = 5
"""How many states there are, and how many digits they show: from 0."""

START = np.full(STATES, 1 / STATES)
"""(S,): the chance of each first state."""

MOVES = np.stack([np.roll([0.6, 0.3, 0.1, 0.0, 0.0], state) for state in range(STATES)])
"""(S, S): the chance of each state after each. Its columns sum to 1, too."""

SHOWS = np.full((STATES, STATES), 0.05) + 0.75 * np.eye(STATES)
"""(S, D): the chance of each digit in each state."""
