"""How sure the most probable board is: against the second most probable one."""

from __future__ import annotations

import torch
from torch import Tensor

from benchmarks.sudoku.boards import Board
from nesy.engines.inference import Inference
from nesy.engines.sat.inference import SatInference
from nesy.nn.training.evaluation import calibration_error


def board_calibration(
    inference: Inference, beliefs: Tensor, solutions: Board, *, batch: int = 50
) -> float | None:
    """The expected calibration error of the most probable boards; None where an engine ranks no worlds.

    A board's probability is taken as if the two most probable boards were all there are: an upper bound on
    it, and close where beliefs are sharp.
    Cost: a search for the best two boards of each row of beliefs.
    """
    if not isinstance(inference, SatInference):
        return None
    sure, right = [], []
    truth = torch.from_numpy(solutions.reshape(len(solutions), -1) - 1)
    for rows, wanted in zip(torch.split(beliefs, batch), torch.split(truth, batch), strict=True):
        worlds = inference.best_worlds(rows, k=2)
        sure.append(torch.sigmoid(worlds.scores[:, 0] - worlds.scores[:, 1]))
        right.append((worlds.values[:, 0] == wanted).all(dim=1))
    return calibration_error(torch.cat(sure), torch.cat(right))
