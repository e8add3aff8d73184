"""What is refused when a model is made: code, message, place and remedy."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy import Model
from nesy.engines.sampling import Sampling
from tests.unit.nn.programs import ADDITION, DIGIT, Given, addition, mistake, model, one, scores

TWO = (
    DIGIT + "nn(colour_net, [X], C, [red]) :: colour(X, C).\nnn(colour_net, [X], C, [blue]) :: tint(X, C).\n"
)


def test_a_missing_network_is_shown_where_it_is_first_used() -> None:
    with mistake("missing-network", "the network colour_net", hint="given were digit_net", line=2):
        model(TWO, {"digit_net": Given()}, "digit(a, D)", "D")
    with mistake("missing-network", "the network digit_net", hint="given were none", line=1):
        model(TWO, {}, "digit(a, D)", "D")


def test_a_network_the_rules_do_not_use() -> None:
    networks = {"digit_net": Given(), "digits_net": Given()}
    with mistake("unexpected-network", "called digits_net", hint="they use digit_net"):
        model(ADDITION, networks, "addition(a, b, S)", "S")
    with mistake("unexpected-network", "called n", hint="they use none"):
        model("a.\n", {"n": Given()}, "a")


@pytest.mark.parametrize(
    ("given", "shown"), [(lambda x: x, "a function"), (nn.Linear, "the class Linear"), (None, "a NoneType")]
)
def test_a_network_that_is_no_module(given: object, shown: str) -> None:
    for wrap in (lambda m: m, nesy.logits, nesy.log_probs):
        with mistake("not-a-module", "the network digit_net is " + shown, hint="an instance, not a class"):
            addition(wrap(given))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["values", "train", "forward", "'a.b'"])
def test_a_name_that_torch_keeps_for_itself(name: str) -> None:
    with mistake("unusable-name", repr(name.strip("'")), hint="another name"):
        model(f"nn({name}, [X]) :: p(X).\n", {name.strip("'"): Given()}, "p(a)")


def test_a_name_in_quotes_is_fine() -> None:
    asked = model("nn('My net', [X]) :: p(X).\n", {"My net": Given()}, "p('an input')")
    assert one(asked(**{"an input": torch.tensor([0.5])})).exp().tolist() == [[0.5, 0.5]]


def test_an_unknown_predicate_in_the_query() -> None:
    with mistake("unknown-predicate", "adition/3", hint="addition/3", line=1):
        model(ADDITION, {"digit_net": Given()}, "adition(a, b, S)", "S")


def test_a_query_that_is_no_atom() -> None:
    with mistake("unclosed-bracket", line=1):
        model(ADDITION, {"digit_net": Given()}, "addition(a, b, S", "S")


@pytest.mark.parametrize(("query", "output"), [("addition(a, b, S)", "T"), ("addition(a, S, S)", "S")])
def test_an_output_that_is_not_one_argument_of_the_query(query: str, output: str) -> None:
    with mistake("output-not-in-query", f"the output {output}", "addition(a,", hint="S"):
        model(ADDITION, {"digit_net": Given()}, query, output)


@pytest.mark.parametrize(("query", "output"), [("odd(S)", "S"), ("odd(S)", None), ("never", None)])
def test_a_query_without_answers(query: str, output: str | None) -> None:
    rules = ADDITION + "odd(S) :- addition(a, b, S), S > 100.\nnever :- odd(S).\n"
    with mistake("no-answers", query.split("(", maxsplit=1)[0], hint="try the query", line=1):
        model(rules, {"digit_net": Given()}, query, output)


def test_an_unknown_engine() -> None:
    with mistake("unknown-engine", "'exat'", hint="did you mean exact?"):
        addition(Given(), engine="exat")


def test_an_engine_with_options() -> None:
    samples = 64
    found = addition(nesy.logits(Given()), engine=Sampling(samples=samples))(a=scores(3, 10), b=scores(3, 10))
    counts = one(found).exp() * samples
    torch.testing.assert_close(counts, counts.round())


@pytest.mark.parametrize("engine", ["exact", "sat"])
def test_evidence_that_no_world_meets(engine: str) -> None:
    rules = ADDITION + "evidence(digit(a, 1)).\nevidence(digit(a, 2)).\n"
    with mistake("inconsistent-evidence", hint="one by one", line=rules.count("\n") - 1):
        model(rules, {"digit_net": Given()}, "addition(a, b, S)", "S", engine)


def test_a_non_ground_input() -> None:
    with mistake("non-ground-probability", "digit/2", hint="bind every variable", line=1):
        model(DIGIT, {"digit_net": Given()}, "digit(X, D)", "D")


def test_no_network_is_needed_for_rules_alone() -> None:
    assert isinstance(Model(nesy.parse("0.5 :: a."), {}, "a"), nn.Module)


def test_nothing_runs_before_it_is_known_to_fit() -> None:
    class Explodes(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            raise AssertionError("called")

    with mistake("missing-input"):
        addition(Explodes())(a=scores(1, 10))
