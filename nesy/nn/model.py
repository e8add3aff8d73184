"""The model: rules and networks as one trainable module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import final

import torch
from torch import Tensor, nn

from nesy.engines.inference import Engine, Inference
from nesy.engines.registry import resolve
from nesy.errors import ModelError, Span
from nesy.grounding import Template, ground
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program
from nesy.logic.program import GroundProgram, Output
from nesy.nn.binding import Binding
from nesy.nn.learned import Learned
from nesy.nn.network import Network, as_network
from nesy.nn.targets import checked_targets


@final
class Model(nn.Module):
    """A rule file and its networks, grounded for one query template and trained like any module.

    program: from `nesy.load` or `nesy.parse`.
    networks: the modules by the names used in `nn(...)`. A bare module returns probabilities;
    `nesy.logits(module)` and `nesy.log_probs(module)` say otherwise.
    query, output: the template, and the variable (or variables) in it that are outputs. Each instance
    of its other variables is an output of its own. Without `output`, the query itself is one output
    over (false, true).
    engine: its name, or an engine with options, such as `nesy.engines.sampling.Sampling(samples=512)`.

    budget: the most that grounding may spend.

    Inputs are given by the names the rules use: the atom `a` is the tensor `a=`, of shape (B, ...);
    `a(3)` is `a[:, 3]`. All inputs of one network go through it in one call.
    `model.networks` holds the networks by name, and the state_dict their parameters, under
    `networks.NAME`. `model.learned` holds what learnable clauses such as `t(0.2)::noisy` leave to be
    learned; `model.learned.probabilities()` says how far it is.

    Raises `NesyError`: what grounding and the engine raise; missing-network, unexpected-network,
    not-a-module, unusable-name, wrong-index.
    Cost: construction grounds and compiles, once; every later call is linear in the compiled size.
    """

    def __init__(
        self,
        program: Program,
        networks: Mapping[str, nn.Module | Network],
        query: str,
        output: str | Sequence[str] | None = None,
        engine: str | Engine = "exact",
        *,
        budget: Budget | None = None,
    ) -> None:
        super().__init__()
        _check_names(program, networks)
        bound = {name: as_network(name, network) for name, network in networks.items()}
        wanted = output if output is None or isinstance(output, str) else tuple(output)
        self.program: GroundProgram = ground(program, Template.parse(query, wanted), budget=budget)
        self.inference: Inference = resolve(engine).prepare(self.program)
        self.inference.warm_up()
        self.networks = _modules(bound)
        one_number = frozenset(label.network for label in program.networks() if label.output is None)
        scales = {name: network.scale for name, network in bound.items()}
        self.learned = Learned([s for s in self.program.symbols if s.learnable])
        self.binding = Binding(self.program, scales, one_number)

    @property
    def outputs(self) -> list[Output]:
        """The template's outputs: their names and domains, in the order of the targets' columns."""
        return list(self.program.outputs)

    def beliefs(self, **inputs: Tensor) -> Tensor:
        """(B, V): the log-probabilities, in nats, of all values of all symbols, side by side."""
        found: Tensor = self.binding(self.networks, self.learned(), inputs)
        return found

    def forward(self, **inputs: Tensor) -> Tensor | list[Tensor]:
        """(B, |domain|) log-probabilities in nats of the output's values; a list if there are several."""
        found: list[Tensor] = [m.log_probs for m in self.inference.marginals(self.beliefs(**inputs))]
        return found[0] if len(found) == 1 else found

    def log_prob(self, targets: Tensor, /, **inputs: Tensor) -> Tensor:
        """(B,): the joint log-probability, in nats, of the observed targets.

        targets: (B, m) integers, indices into each output's domain, -1 where not observed; (B,) will
        do where there is one output.
        """
        beliefs = self.beliefs(**inputs)
        found: Tensor = self.inference.log_prob(beliefs, self._targets(targets, beliefs))
        return found

    def loss(self, targets: Tensor, /, **inputs: Tensor) -> Tensor:
        """Scalar: what this engine trains on; for the exact engine the mean of -log_prob, in nats."""
        beliefs = self.beliefs(**inputs)
        found: Tensor = self.inference.loss(beliefs, self._targets(targets, beliefs))
        return found

    @torch.no_grad()
    def predict(self, **inputs: Tensor) -> Tensor:
        """(B, m) int64: the index of the predicted value of each output."""
        found: Tensor = self.inference.predict(self.beliefs(**inputs))
        return found

    def _targets(self, targets: Tensor, beliefs: Tensor) -> Tensor:
        return checked_targets(targets, self.program.outputs, beliefs.shape[0]).to(beliefs.device)


def _check_names(program: Program, networks: Mapping[str, nn.Module | Network]) -> None:
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


def _modules(networks: Mapping[str, Network]) -> nn.ModuleDict:
    modules = nn.ModuleDict()
    for name, network in networks.items():
        _add(modules, name, network.module)
    return modules


def _add(modules: nn.ModuleDict, name: str, module: nn.Module) -> None:
    try:
        modules.add_module(name, module)
    except KeyError as reason:  # torch keeps some names for itself, and those with a dot
        raise ModelError(
            "unusable-name",
            f"torch refuses {name!r} as the name of a module: {reason.args[0]}",
            hint="give the network another name in the rules",
        ) from reason
