"""The circuits that are evaluated: compiled from programs, and drawn at random layer by layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

import nesy
from benchmarks.compile import programs
from benchmarks.datasets.bayesian_networks import find_network, read_network
from nesy.circuit.circuit import Circuit, IntArray, NodeKind
from nesy.compile.relations import compile_joint, compile_values
from nesy.grounding import Template, ground, ground_rules

SEED = 1
VARIABLES, VALUES = 50, 4
"""Of a random circuit."""

TERMS = 4
"""Of each of its sums; every term is a product of two."""

LAYERS = 20
"""Pairs of a layer of products and a layer of sums."""


def compiled(text: str) -> Circuit:
    """The circuit of a program's queries."""
    return compile_values(ground_rules(nesy.parse(text)).acyclic())


def joint(text: str, query: str, output: str) -> Circuit:
    """The circuit of the joint relation of a template's outputs with the symbols."""
    program = ground(nesy.parse(text), Template.parse(query, output))
    return compile_joint(program, unobserved=False)


def layered(edges: int) -> Circuit:
    """A circuit of about so many edges: sums of products of two earlier sums, or of a sum and an input.

    It is neither deterministic nor smooth, and evaluates as any other does.
    """
    generator = np.random.default_rng(SEED)
    width = VARIABLES * VALUES
    sums = max(1, edges // (LAYERS * TERMS * 3))
    below = np.arange(width)
    kinds, arities, children = [np.full(width, NodeKind.INPUT)], [np.zeros(width, np.int64)], []
    size = width
    for layer in range(LAYERS):
        products = sums * TERMS
        partners = np.arange(width) if layer % 2 else below
        pairs = np.stack([generator.choice(below, products), generator.choice(partners, products)], 1)
        terms = generator.permutation(np.arange(size, size + products))
        children += [pairs.reshape(-1), terms]
        kinds += [np.full(products, NodeKind.PRODUCT), np.full(sums, NodeKind.SUM)]
        arities += [np.full(products, 2), np.full(sums, TERMS)]
        below = np.arange(size + products, size + products + sums)
        size += products + sums
    children.append(below)
    kinds.append(np.array([NodeKind.SUM]))
    arities.append(np.array([len(below)]))
    return _circuit(np.concatenate(kinds), np.concatenate(arities), np.concatenate(children), width)


def _circuit(kinds: IntArray, arities: IntArray, children: IntArray, width: int) -> Circuit:
    columns = np.full(len(kinds), -1, dtype=np.int64)
    columns[:width] = np.arange(width)
    return Circuit(
        kinds=kinds.astype(np.int8),
        columns=columns,
        offsets=np.concatenate([[0], np.cumsum(arities)]),
        children=children,
        roots=np.array([len(kinds) - 1]),
        domains=np.full(VARIABLES, VALUES),
    )


def log_beliefs(circuit: Circuit, batch: int, spread: float = 2.0) -> NDArray[np.float64]:
    """(width, B): random log-probabilities of each variable's values. spread: of the logits."""
    logits = spread * np.random.default_rng(SEED).standard_normal((circuit.width, batch))
    starts = np.cumsum(circuit.domains) - circuit.domains
    totals = np.log(np.add.reduceat(np.exp(logits), starts))
    beliefs: NDArray[np.float64] = logits - np.repeat(totals, circuit.domains, axis=0)
    return beliefs


SUBJECTS: Mapping[str, Callable[[], Circuit]] = {
    "addition_64": lambda: compiled(programs.addition(64)),
    "sudoku_4x4": lambda: compiled(programs.sudoku()),
    "markov_20": lambda: compiled(programs.markov(20)),
    "insurance": lambda: joint(read_network(find_network("insurance")).rules(), "value(X, V)", "V"),
    "layered_1e3": lambda: layered(1_000),
    "layered_1e4": lambda: layered(10_000),
    "layered_1e5": lambda: layered(100_000),
    "layered_1e6": lambda: layered(1_000_000),
}
