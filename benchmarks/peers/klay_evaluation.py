"""Evaluation by KLay (pip `klaycircuits`): the same circuit, node by node, as its torch module."""

from __future__ import annotations

from typing import Any

import klay
import torch
from torch import Tensor

from nesy.circuit.circuit import Circuit, NodeKind


def module_of(circuit: Circuit) -> Any:
    """KLay's module in log space. Input column c is the positive literal c + 1."""
    theirs: Any = klay.Circuit()
    make: dict[NodeKind, Any] = {
        NodeKind.ZERO: lambda _column, _children: theirs.false_node(),
        NodeKind.ONE: lambda _column, _children: theirs.true_node(),
        NodeKind.INPUT: lambda column, _children: theirs.literal_node(column + 1),
        NodeKind.SUM: lambda _column, children: theirs.or_node(children),
        NodeKind.PRODUCT: lambda _column, children: theirs.and_node(children),
    }
    nodes: list[Any] = []
    for node, (kind, column) in enumerate(zip(circuit.kinds, circuit.columns, strict=True)):
        nodes.append(make[NodeKind(kind)](int(column), [nodes[c] for c in circuit.children_of(node)]))
    for root in circuit.roots:
        theirs.set_root(nodes[root])
    theirs.remove_unused_nodes()
    return theirs.to_torch_module("log", compile=False)


def values_and_gradients(module: Any, inputs: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """(B, R) values and (B, width) gradients, from inputs (B, width) and weights of the roots (B, R).

    A single example goes in without a batch, which is faster there.
    """
    alone = len(inputs) == 1
    given = (inputs[0] if alone else inputs).detach().requires_grad_()
    # Negative literals do not occur; what they are said to weigh saves their computation.
    values = module(given, torch.zeros_like(given))
    (gradient,) = torch.autograd.grad(values, given, weights[0] if alone else weights)
    return values.detach().reshape(len(inputs), -1), gradient.reshape(inputs.shape)
