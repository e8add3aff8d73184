"""The networks that a program names: all there, none too many, and each a submodule."""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from nesy.errors import ModelError, Span
from nesy.language.syntax import Program
from nesy.nn.network import Network, as_network


def bound(program: Program, networks: Mapping[str, nn.Module | Network]) -> dict[str, Network]:
    """The networks that a program's rules name, and what they return.

    Raises `ModelError`: missing-network, unexpected-network, not-a-module.
    """
    wanted: dict[str, Span | None] = {}
    for label in program.networks():
        wanted.setdefault(label.network, label.span)
    for name, span in wanted.items():
        if name not in networks:
            raise ModelError(
                "missing-network",
                f"the rules use the network {name}, but none of that name was given",
                span=span,
                hint=f"give networks={{{name!r}: ...}}; given were {', '.join(networks) or 'none'}",
            )
    for name in networks:
        if name not in wanted:
            raise ModelError(
                "unexpected-network",
                f"the rules use no network called {name}",
                hint=f"they use {', '.join(wanted) or 'none'}",
            )
    return {name: as_network(name, network) for name, network in networks.items()}


def one_number(program: Program) -> frozenset[str]:
    """The networks of nn/2, which give the probability of true alone."""
    return frozenset(label.network for label in program.networks() if label.output is None)


def modules(networks: Mapping[str, Network]) -> nn.ModuleDict:
    """The networks as submodules. Raises `ModelError` (unusable-name)."""
    found = nn.ModuleDict()
    for name, network in networks.items():
        _add(found, name, network.module)
    return found


def _add(modules: nn.ModuleDict, name: str, module: nn.Module) -> None:
    try:
        modules.add_module(name, module)
    except KeyError as reason:  # torch keeps some names for itself, and those with a dot
        raise ModelError(
            "unusable-name",
            f"torch refuses {name!r} as the name of a module: {reason.args[0]}",
            hint="give the network another name in the rules",
        ) from reason
