from __future__ import annotations

import pickle

import pytest

from nesy.grounding.network_inputs import NetworkInputs, tensor_term
from nesy.grounding.terms import TermId, TermStore
from nesy.logic.program import InputRef, NetworkCall
from tests.unit.grounding.asking import grounded, place, refusal


def reference(store: TermStore, term: TermId) -> InputRef:
    return NetworkInputs(store).call("net", (term,), None).inputs[0]


def test_what_terms_name() -> None:
    store = TermStore()
    a, three = store.atom("a"), store.number(3)
    indexed = store.compound("board", (three, a))
    assert reference(store, a) == InputRef("a")
    assert reference(store, indexed) == InputRef("board", (3, "a"))
    assert str(reference(store, indexed)) == "board(3,a)"
    assert reference(store, store.compound("tensor", (indexed,))) == InputRef("board", (3, "a"))
    fed = tensor_term(store, "enc", (a, indexed))
    assert reference(store, fed) == InputRef(
        "enc", (), NetworkCall("enc", (InputRef("a"), InputRef("board", (3, "a"))))
    )


def test_numbers_are_given_as_they_are() -> None:
    store = TermStore()
    assert reference(store, store.number(3)) == InputRef("3", number=3)
    assert reference(store, store.number(0.5)) == InputRef("0.5", number=0.5)
    assert reference(store, store.number(1)) != reference(store, store.number(1.0))


@pytest.mark.parametrize(("number", "fits"), [(2**63 - 1, True), (2**63, False), (-(2**63) - 1, False)])
def test_a_number_must_fit_a_tensor(number: int, fits: bool) -> None:
    rules = "nn(net,[X],D,0..1)::digit(X,D)."
    if fits:
        assert grounded(rules, f"digit({number},D)", "D").symbols[0].call is not None
    else:
        error = refusal(rules, f"digit({number},D)", "D")
        assert place(error) == ("network-input", "nn(net,[X],D,0..1)")
        assert str(number) in error.message


def test_a_list_names_no_tensor() -> None:
    rules = "nn(net,[X],D,0..1)::digit(X,D)."
    error = refusal(rules, "digit([a,b],D)", "D")
    assert place(error) == ("network-input", "nn(net,[X],D,0..1)")
    assert error.hint is not None


def test_a_recurrent_network_may_be_unrolled_as_far_as_one_likes() -> None:
    rules = """nn(step,[S],T)::next(S,T). s(0,start). s(N,T) :- N>0, M is N-1, s(M,S), next(S,T).
    nn(net,[T],D,[a,b])::c(T,D). p(D) :- s(1500,T), c(T,D)."""
    (symbol,) = grounded(rules, "p(D)", "D").symbols
    assert symbol.call is not None
    depth, reached = 0, symbol.call.inputs[0]
    while reached.network is not None:
        depth, reached = depth + 1, reached.network.inputs[0]
    assert depth == 1500
    assert {symbol.call: 1}[symbol.call] == 1


def test_parts_that_are_shared_are_the_same_object() -> None:
    store = TermStore()
    inputs = NetworkInputs(store)
    term = store.atom("a")
    for _ in range(100):
        term = tensor_term(store, "pair", (term, term))
    first = inputs.call("net", (term,), None)
    assert first == inputs.call("net", (term,), None)
    assert hash(first) == hash(inputs.call("net", (term,), None))


def test_a_call_that_was_pickled_is_equal_to_itself() -> None:
    call = NetworkCall(
        "net", (InputRef("a", (1, "b")), InputRef("enc", (), NetworkCall("enc", (InputRef("x"),))))
    )
    copy = pickle.loads(pickle.dumps(call))
    assert copy == call
    assert hash(copy) == hash(call)
