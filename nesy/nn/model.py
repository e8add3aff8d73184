"""The model: rules and networks as one trainable module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import final

import torch
from torch import Tensor, nn

from nesy.engines.inference import Engine, Inference, batch_mean
from nesy.engines.plan import Plan
from nesy.errors import ModelError
from nesy.grounding import Template
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program
from nesy.logic.program import Output, Symbol, Value
from nesy.nn import losses
from nesy.nn.batch import one_example
from nesy.nn.binding import Binding
from nesy.nn.evidence import Conditioned, Evidence
from nesy.nn.explaining import Explaining, ModelExplanation, explained
from nesy.nn.learned import Learned
from nesy.nn.named_networks import bound, modules, one_number
from nesy.nn.network import Network
from nesy.nn.prepared import Observable, prepared, variables
from nesy.nn.targets import UNOBSERVED, Targets, checked_soft_targets, checked_targets, is_soft


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
    evidence: what may be observed of an example beside the rules' own evidence: templates and their
    output variables, `{"digit(a, D)": "D"}`, or a list of atoms that may be true or false.
    semantics: "probability", or degrees of truth: "godel", "product", "lukasiewicz", "possibility".
    budget: the most that grounding may spend.

    Inputs are given by the names the rules use: the atom `a` is the tensor `a=`, of shape (B, ...);
    `a(3)` is `a[:, 3]`. All inputs of one network go through it in one call.
    `model.networks` holds the networks by name, and the state_dict their parameters, under
    `networks.NAME`. `model.learned` holds what learnable clauses such as `t(0.2)::noisy` leave to be
    learned; `model.learned.probabilities()` says how far it is. An engine's own weights, where it has any,
    are parameters too: `model.engine_networks`.

    Calls take `evidence=`: indices of the values observed, -1 for none, as (B, k) for all that may be
    observed, or by name, `{"digit(a)": (B,)}`. They then answer given it.

    Raises `NesyError`: what grounding and the engine raise; missing-network, unexpected-network,
    not-a-module, unusable-name, wrong-index, reserved-input, unknown-semantics, unsupported-task.
    Cost: construction grounds and compiles, once; every later call is linear in the compiled size.
    """

    def __init__(  # noqa: PLR0913 - what is asked, of whom, and how
        self,
        program: Program,
        networks: Mapping[str, nn.Module | Network],
        query: str,
        output: str | Sequence[str] | None = None,
        engine: str | Engine = "exact",
        *,
        evidence: Observable = None,
        semantics: str = "probability",
        budget: Budget | None = None,
    ) -> None:
        super().__init__()
        named = bound(program, networks)
        template = Template.parse(query, variables(output))
        self._prepared = prepared(program, template, evidence, engine, semantics, budget)
        self._explaining = Explaining(program, template, semantics, budget)
        found = self._prepared
        self._conditioned = Conditioned(found.inference, found.outputs, found.observable)
        self.networks = modules(named)
        self.learned = Learned([s for s in found.symbols if s.learnable])
        if found.inference.networks is not None:
            self.engine_networks = found.inference.networks
        scales = {name: network.scale for name, network in named.items()}
        self.binding = Binding(found.symbols, scales, one_number(program))
        check_names(self.binding.names)

    @property
    def outputs(self) -> list[Output]:
        """The template's outputs: their names and domains, in the order of the targets' columns."""
        return list(self._prepared.outputs)

    @property
    def observable(self) -> list[Output]:
        """What may be observed of an example, in the order of the evidence's columns."""
        return list(self._prepared.observable)

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The random variables, in the order of the columns of beliefs."""
        return self._prepared.symbols

    @property
    def inference(self) -> Inference:
        """What answers for beliefs. Its outputs are `outputs`, and behind them `observable`."""
        return self._prepared.inference

    def plan(self) -> Plan:
        """What answers for which outputs, and why: what `engine="auto"` has chosen, or what was asked for.

        Printed, it is a table.
        """
        return self.inference.plan

    def beliefs(self, **inputs: Tensor) -> Tensor:
        """(B, V): the log-probabilities, in nats, of all values of all symbols, side by side.

        Cost: one call of each network, on all its inputs at once.
        """
        found: Tensor = self.binding(self.networks, self.learned(), inputs)
        return found

    def forward(self, *, evidence: Evidence = None, **inputs: Tensor) -> Tensor | list[Tensor]:
        """(B, |domain|) log-probabilities in nats of the output's values; a list if there are several.

        Cost: one call of each network, and one pass of the engine up and one down.
        """
        found = self.marginals_of(self.beliefs(**inputs), evidence)
        return found[0] if len(found) == 1 else found

    def log_prob(self, targets: Targets, /, *, evidence: Evidence = None, **inputs: Tensor) -> Tensor:
        """(B,): the joint log-probability, in nats, of the observed targets.

        targets: (B, m) integers, indices into each output's domain, -1 where not observed; (B,) will
        do where there is one output.
        Cost: one call of each network, and that of `log_prob_of`.
        """
        return self.log_prob_of(self.beliefs(**inputs), targets, evidence)

    def loss(self, targets: Targets, /, *, evidence: Evidence = None, **inputs: Tensor) -> Tensor:
        """Scalar: what this engine trains on; for the exact engine the mean of -log_prob, in nats.

        targets: as for `log_prob`, or soft: for each output a distribution over its values, (B, values),
        in a list if there are several. The loss is then the cross-entropy, summed over outputs.
        Cost: as `log_prob` (soft targets: as `forward`).
        """
        return self.loss_of(self.beliefs(**inputs), targets, evidence)

    @torch.no_grad()
    def predict(self, *, evidence: Evidence = None, **inputs: Tensor) -> Tensor:
        """(B, m) int64: the index of the predicted value of each output.

        Cost: as `forward`, with the engine's own way to predict.
        """
        beliefs = self.beliefs(**inputs)
        if evidence is None:
            found: Tensor = self.inference.predict(beliefs)[:, : len(self._prepared.outputs)]
            return found
        return torch.stack([logs.argmax(dim=1) for logs in self.marginals_of(beliefs, evidence)], dim=1)

    @torch.no_grad()
    def explain(
        self,
        inputs: Mapping[str, Tensor],
        index: int = 0,
        *,
        output: str | None = None,
        value: Value | None = None,
        proofs: int = 3,
    ) -> ModelExplanation:
        """Why one example of a batch has a value: the proofs, what matters, what would change it.

        inputs: the batch, by the names of the rules' inputs; index: which example of it.
        output: the name of one; the first without it. value: one of its domain; what `predict` says
        without it. proofs: how many. Printed, the answer is for people; `.picture(path)` draws it.
        Probabilities are exact, whatever engine the model has. What `evidence=` gives is not taken.
        Raises `NesyError`: wrong-index, wrong-shape, unknown-output, unknown-value, invalid-count;
        unsupported-task for degrees of truth; no-rules for unpickled models whose rules call Python
        functions.
        Cost: grounding, the first time; compiling one circuit; a search; one call of each network.
        """
        example = one_example(inputs, index)
        beliefs = self.beliefs(**example)
        return explained(self, self._explaining, example, beliefs, output, value, proofs)

    def marginals_of(self, beliefs: Tensor, evidence: Evidence = None) -> list[Tensor]:
        """What `forward` gives, from beliefs: (B, values) for each output.

        Cost: one pass of the engine up and one down; of the exact engine O(edges * B).
        """
        return self._conditioned.marginals(beliefs, self._observed(beliefs, evidence))

    def log_prob_of(self, beliefs: Tensor, targets: Targets, evidence: Evidence = None) -> Tensor:
        """What `log_prob` gives, from beliefs.

        Cost: one pass of the engine for the batch; of the exact engine O(edges * B).
        """
        wanted = self.checked_targets(targets, beliefs)
        return self._conditioned.log_prob(beliefs, wanted, self._observed(beliefs, evidence))

    def loss_of(self, beliefs: Tensor, targets: Targets, evidence: Evidence = None) -> Tensor:
        """What `loss` gives, from beliefs. Cost: as `log_prob_of` (soft targets: as `marginals_of`)."""
        if is_soft(targets):
            soft = checked_soft_targets(targets, self._prepared.outputs, beliefs.shape[0])
            return batch_mean(losses.cross_entropy(self.marginals_of(beliefs, evidence), soft))
        if self._prepared.observable:
            return -batch_mean(self.log_prob_of(beliefs, targets, evidence))
        self._observed(beliefs, evidence)
        found: Tensor = self.inference.loss(beliefs, self.checked_targets(targets, beliefs))
        return found

    def checked_targets(self, targets: Targets, beliefs: Tensor) -> Tensor:
        """(B, m) int64, where the beliefs are.

        Raises `ModelError`: wrong-dtype, wrong-shape, target-out-of-range.
        Cost: O(B * m).
        """
        return checked_targets(targets, self._prepared.outputs, beliefs.shape[0]).to(beliefs.device)

    def with_evidence(self, targets: Tensor, evidence: Evidence = None) -> Tensor:
        """Checked targets and behind them the evidence: (B, m + k), as `inference` takes them.

        Cost: O(B * (m + k)).
        """
        observed = self._conditioned.checked(evidence, len(targets))
        if observed is None:
            observed = targets.new_full((len(targets), len(self._prepared.observable)), UNOBSERVED)
        return torch.cat([targets, observed.to(targets.device)], dim=1)

    def _observed(self, beliefs: Tensor, evidence: Evidence) -> Tensor | None:
        observed = self._conditioned.checked(evidence, beliefs.shape[0])
        return None if observed is None else observed.to(beliefs.device)


def check_names(names: Sequence[str]) -> None:
    """Raise `ModelError` (reserved-input) for an input that a model's calls could not take."""
    for name in names:
        if name in ("evidence", "self"):
            raise ModelError(
                "reserved-input",
                f"the rules call an input {name}, which means something else to a model",
                hint="give the input another name in the rules",
            )
