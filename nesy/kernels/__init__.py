"""Circuit evaluation: values and gradients on batches, one contract and several backends."""

from nesy.kernels.dispatch import evaluate

__all__ = ["evaluate"]
