"""The symbols of a ground program: one per ground instance of a probabilistic or neural clause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from nesy.errors import GroundingError, Span
from nesy.grounding.arithmetic import evaluate
from nesy.grounding.network_inputs import NetworkInputs, tensor_term
from nesy.grounding.rules import Alternatives, AskNetwork, PickAlternative, Rule
from nesy.grounding.syntax_terms import atom_text, syntax, text
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.grounding.unification import Env, Unifier, instantiate
from nesy.language.printer import term_text
from nesy.language.syntax import Atom, Compound, Variable
from nesy.logic.graph import TRUE, Graph, Lit
from nesy.logic.program import Symbol

SUM_TOLERANCE = 1e-9
"""How far above 1 an annotated disjunction may sum, for probabilities written in decimals."""


@final
class Choices:
    """Makes and remembers symbols, and says which literal each probabilistic rule adds."""

    def __init__(self, store: TermStore, graph: Graph, symbols: list[Symbol] | None = None) -> None:
        """symbols: where new ones go; a list of their own by default."""
        self.symbols: list[Symbol] = [] if symbols is None else symbols
        self._store = store
        self._graph = graph
        self._inputs = NetworkInputs(store)
        self._known: dict[tuple[int, Args], int] = {}

    def apply(self, rule: Rule, env: Env) -> Iterator[tuple[Env, Lit | None]]:
        """The ways a rule's label can turn out: the environment after it, and the literal it needs.

        Raises `GroundingError` (non-ground-probability) when a variable is left unbound.
        """
        match rule.choice:
            case None:
                yield env, TRUE
            case PickAlternative(alternatives=alternatives, position=position):
                self._require_ground(rule, env)
                literal = self._alternative(alternatives, position, env)
                if literal is not None:
                    yield env, literal
            case AskNetwork() as ask:
                yield from self._network(rule, ask, env)

    def _require_ground(self, rule: Rule, terms: Args) -> None:
        if not all(self._store.is_ground(t) for t in terms):
            raise GroundingError(
                "non-ground-probability",
                f"a probabilistic clause for {rule.predicate.name}/{rule.predicate.arity} is used with a "
                "variable that nothing binds",
                span=rule.span,
                hint="bind every variable of the clause in its body, or ask for ground atoms only",
            )

    def _alternative(self, alternatives: Alternatives, position: int, env: Env) -> Lit | None:
        key = (alternatives.number, env)
        symbol = self._known.get(key)
        if symbol is None:
            probabilities = [
                self._probability(p, env, span)
                for p, span in zip(alternatives.probabilities, alternatives.spans, strict=True)
            ]
            if probabilities == [1.0]:
                return TRUE
            if probabilities == [0.0]:
                return None
            names = tuple(
                atom_text(self._store, functor, instantiate(self._store, args, env))
                for functor, args in alternatives.heads
            )
            symbol = self._known[key] = self._add(distribution(alternatives, probabilities, names))
        # A probabilistic fact's values are (false, true); a disjunction's are its heads, then "none".
        return self._graph.leaf(symbol, 1 if len(alternatives.heads) == 1 else position)

    def _probability(self, term: TermId, env: Env, span: Span | None) -> float:
        (instance,) = instantiate(self._store, (term,), env)
        found = evaluate(self._store, instance, span)
        if not 0 <= found <= 1:
            raise GroundingError(
                "probability-range",
                f"{text(self._store, instance)} is not a probability",
                span=span,
                hint="a probability lies between 0 and 1",
            )
        return float(found)

    def _network(self, rule: Rule, ask: AskNetwork, env: Env) -> Iterator[tuple[Env, Lit | None]]:
        inputs = instantiate(self._store, ask.inputs, env)
        self._require_ground(rule, inputs)
        if ask.output is not None and ask.domain is None:
            bound = self._bind(env, ask.output, tensor_term(self._store, ask.network, inputs))
            if bound is not None:
                yield bound, TRUE
            return
        if ask.output is None or ask.domain is None:
            self._require_ground(rule, env)
            yield env, self._graph.leaf(self._neural(rule, ask, env, inputs, ("false", "true")), 1)
            return
        others = tuple(t for i, t in enumerate(env) if i != -1 - ask.output)
        self._require_ground(rule, others)
        labels = tuple(text(self._store, v) for v in ask.domain)
        for index, outcome in enumerate(ask.domain):
            bound = self._bind(env, ask.output, outcome)
            if bound is not None:
                yield bound, self._graph.leaf(self._neural(rule, ask, env, inputs, labels), index)

    def _bind(self, env: Env, output: TermId, outcome: TermId) -> Env | None:
        unifier = Unifier(self._store)
        return unifier.apply(env) if unifier.unify(env[-1 - output], outcome) else None

    def _neural(self, rule: Rule, ask: AskNetwork, env: Env, inputs: Args, labels: tuple[str, ...]) -> int:
        others = tuple(t for i, t in enumerate(env) if ask.output is None or i != -1 - ask.output)
        key = (ask.number, others)
        if key not in self._known:
            call = self._inputs.call(ask.network, inputs, ask.span)
            self._known[key] = self._add(
                Symbol(self._neural_name(rule, ask, env), labels, None, call, ask.span)
            )
        return self._known[key]

    def _neural_name(self, rule: Rule, ask: AskNetwork, env: Env) -> str:
        """The head's text, with `_` in the output's place, whatever the call has bound it to."""
        if ask.output is not None:
            env = tuple(ask.output if i == -1 - ask.output else t for i, t in enumerate(env))
        args = [
            Variable("_#1") if arg == ask.output else syntax(self._store, arg)
            for arg in instantiate(self._store, rule.head, env)
        ]
        name = rule.predicate.name
        return term_text(Compound(name, tuple(args)) if args else Atom(name))

    def _add(self, symbol: Symbol) -> int:
        self.symbols.append(symbol)
        return len(self.symbols) - 1


def distribution(alternatives: Alternatives, probabilities: list[float], names: tuple[str, ...]) -> Symbol:
    """The symbol of a probabilistic fact, or of an annotated disjunction whose heads are called `names`.

    Raises `GroundingError` (probability-sum).
    """
    span, learnable = alternatives.spans[0], alternatives.learnable
    if len(names) == 1:
        (p,) = probabilities
        return Symbol(names[0], ("false", "true"), (1.0 - p, p), span=span, learnable=learnable)
    name, rest = "; ".join(names), 1.0 - sum(probabilities)
    if rest < -SUM_TOLERANCE:
        raise GroundingError(
            "probability-sum",
            f"the probabilities of {name} sum to {sum(probabilities):g}",
            span=span,
            hint="alternatives of one clause exclude one another: they may sum to 1 at most",
        )
    if rest > SUM_TOLERANCE:
        names, probabilities = (*names, "none"), [*probabilities, rest]
    return Symbol(name, names, tuple(probabilities), span=span, learnable=learnable)
