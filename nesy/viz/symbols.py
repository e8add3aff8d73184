"""Values of symbols as nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from nesy.logic.program import Symbol
from nesy.viz.drawing import Look, Node

LEAF = Look("choice", "round", "orange", "a choice")
NETWORK = Look("network", "hexagon", "purple", "from a network")


def ambiguous(symbols: Sequence[Symbol]) -> frozenset[str]:
    """The names that several symbols have: clauses with probabilities and one head."""
    counts = Counter(symbol.name for symbol in symbols)
    return frozenset(name for name, count in counts.items() if count > 1)


def symbol_node(symbol: Symbol, value: int, shared: frozenset[str] = frozenset()) -> Node:
    """The node of a value of a symbol. shared: names that do not tell symbols apart."""
    told = [("symbol", symbol.name), ("its value", symbol.values[value])]
    if symbol.prior is not None:
        told.append(("probability in the rules", f"{symbol.prior[value]:.6g}"))
    if symbol.call is not None:
        told.append(("network", symbol.call.network))
    elif symbol.learnable:
        told.append(("learnable", "the probability is where learning begins"))
    if symbol.span is not None:
        told.append(("where", f"{symbol.span.source.name}:{symbol.span.line}"))
    look = NETWORK if symbol.call is not None else LEAF
    return Node(value_text(symbol, value, shared), look.name, tuple(told))


def value_text(symbol: Symbol, value: int, shared: frozenset[str] = frozenset()) -> str:
    """A value of a symbol as people read it: `burglary`, its negation, `col(red)`, `digit(a,_) = 3`.

    Where several symbols have one name, the probability tells them apart: `0.9::alarm`.
    """
    text = symbol.values[value]
    if symbol.values == ("false", "true"):
        name = symbol.name
        if name in shared and symbol.prior is not None:
            name = f"{symbol.prior[1]:.4g}::{name}"
        return name if value == 1 else f"\\+{name}"
    if symbol.prior is not None and symbol.name.startswith(symbol.values[0]):
        return text if text != "none" else f"none of {symbol.name}"
    return f"{symbol.name} = {text}"
