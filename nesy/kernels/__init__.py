"""Circuit evaluation: values and gradients on batches, one contract and several backends."""

from nesy.kernels.dispatch import evaluate
from nesy.kernels.warming import warm

__all__ = ["evaluate", "warm"]
