"""Entropy, divergence and mutual information, from log-probabilities and posteriors alone.

A world's log-probability is the sum of its values' beliefs less that of the condition, so its expectation
is a sum over single symbols: no pass over worlds or pairs of symbols is needed.
"""

from __future__ import annotations

import numpy as np

from nesy.engines.outputs import value_slices
from nesy.engines.tasks.forward import FloatArray, evaluated
from nesy.engines.tasks.given import Given
from nesy.engines.tasks.marginals import posteriors


def entropy(given: Given) -> FloatArray:
    """(B,): of the posterior over worlds, in nats; not below 0. Cost: O(edges * B), forward and backward."""
    posterior = _posterior(given)
    found: FloatArray = given.log_condition - _expected(posterior, given.beliefs.T)
    return np.maximum(found, 0.0)


def divergence(first: Given, second: Given) -> FloatArray:
    """(B,): the Kullback-Leibler divergence of the second posterior from the first, in nats.

    Not below 0; inf where the second excludes a world that the first does not. One may have a batch and the
    other a single row. Cost: O(edges * B), forward and backward.
    """
    posterior = _posterior(first)
    gained = _expected(posterior, first.beliefs.T) - _expected(posterior, second.beliefs.T)
    found: FloatArray = gained - first.log_condition + second.log_condition
    return np.maximum(found, 0.0)


def mutual_information(given: Given, output: int, symbol: int) -> FloatArray:
    """(1,): how much a functional output and a symbol tell of each other, in nats; not below 0.

    Cost: O(edges) forward, and O(edges * values of the output) backward.
    """
    layers = given.compiled.layers
    values = evaluated(layers, given.inputs)
    roots = layers.roots[value_slices(given.program.outputs)[output]]
    start, stop = given.program.offsets[symbol : symbol + 2]
    weights = np.exp(values.rows[roots, 0] - given.log_condition[0])
    alone = weights > 0
    joint = posteriors(given, values, roots[alone])[start:stop] * weights[alone]
    product = joint.sum(axis=1, keepdims=True) * weights[alone]
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(joint > 0, joint * np.log(joint / product), 0.0)
    found: FloatArray = np.maximum(terms.sum(axis=(0, 1), keepdims=True)[0], 0.0)
    return found


def _posterior(given: Given) -> FloatArray:
    layers = given.compiled.world_layers
    given.require_worlds()
    return posteriors(given, given.worlds, layers.roots)


def _expected(posterior: FloatArray, logs: FloatArray) -> FloatArray:
    """(B,): the mean of logs; what has posterior 0 counts 0, whatever its logarithm."""
    with np.errstate(invalid="ignore"):
        found: FloatArray = np.where(posterior > 0, posterior * logs, 0.0).sum(axis=0)
    return found
