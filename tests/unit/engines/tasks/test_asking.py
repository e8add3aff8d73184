"""What can be asked, in which words, and how mistakes are refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nesy

DICE = """
1/3::die(X,1); 1/3::die(X,2); 1/3::die(X,3) :- member(X, [a,b]).
total(S) :- die(a,A), die(b,B), S is A+B.
"""
BURGLARY = """
0.1::burglary. 0.2::earthquake. 0.7::hears(X) :- person(X). person(john). person(mary).
alarm :- burglary. alarm :- earthquake. calls(X) :- alarm, hears(X).
evidence(calls(john)). query(alarm). query(calls(mary)). query(burglary).
"""
NETWORK = "nn(net, [X], Y, [cat, dog])::animal(X, Y). query(animal(a, cat))."


def burglary() -> nesy.Tasks:
    return nesy.prepare(nesy.parse(BURGLARY))


def dice() -> nesy.Tasks:
    return nesy.prepare(nesy.parse(DICE), "total(S)", "S")


def test_probabilities_agree_with_solve() -> None:
    found = burglary().marginals().outputs
    for atom, answer in nesy.solve(nesy.parse(BURGLARY)).items():
        assert found[atom]["true"] == pytest.approx(answer.probability, abs=1e-12)


def test_an_observation_is_as_good_as_evidence() -> None:
    tasks = burglary()
    observed = tasks.marginals(observed={"calls(mary)": True})
    other = nesy.prepare(nesy.parse(BURGLARY + "evidence(calls(mary))."))
    evident = other.marginals()
    assert observed.probability == pytest.approx(evident.probability, abs=1e-12)
    for name, values in evident.symbols.items():
        assert observed.symbols[name] == pytest.approx(values, abs=1e-12)
    assert tasks.count(observed={"calls(mary)": True}) == other.count() == 3
    assert tasks.marginals(observed={"calls(mary)": "false"}).outputs["calls(mary)"]["true"] == 0


def test_symbols_can_be_observed() -> None:
    tasks = burglary()
    plain = tasks.marginals()
    observed = tasks.marginals(observed={"earthquake": True})
    share = plain.symbols["earthquake"]["true"]
    assert observed.probability == pytest.approx(plain.probability * share, abs=1e-12)
    assert observed.symbols["earthquake"] == {"false": 0.0, "true": 1.0}
    # With the earthquake known, a burglary is as probable as before anybody called.
    assert observed.outputs["burglary"]["true"] == pytest.approx(0.1, abs=1e-12)


def test_numbers() -> None:
    tasks = dice()
    assert tasks.expected("total") == pytest.approx(4, abs=1e-12)
    assert tasks.entropy() == pytest.approx(math.log(9), abs=1e-12)
    assert tasks.count() == 9
    assert tasks.count(observed={"total": 4}) == 3
    assert tasks.marginal_map().outputs == {"total": 4}
    first = next(iter(tasks.symbols))
    uncertain = tasks.entropy(observed={"total": 4})
    assert uncertain == pytest.approx(math.log(3), abs=1e-12)
    # I(total; one die) = H(total) - H(total | die), and H(total | die) is that of the other die.
    of_total = -sum(p * math.log(p) for p in tasks.marginals().outputs["total"].values())
    assert tasks.mutual_information("total", first) == pytest.approx(of_total - math.log(3), abs=1e-12)


def test_equally_probable_worlds_stand_in_order() -> None:
    tasks = dice()
    listed = [tuple(w.symbols.values()) for w in tasks.top(20)]
    assert len(listed) == 9
    assert listed == sorted(listed)
    assert [tuple(w.symbols.values()) for w in tasks.top(4)] == listed[:4]


def test_batches() -> None:
    tasks = burglary()
    rows = np.array([[0.9, 0.1], [0.2, 0.8], [1.0, 0.0]])
    batch = tasks.marginals(beliefs={"burglary": rows})
    entropies = tasks.entropy(beliefs={"burglary": rows})
    divergences = tasks.kl({"burglary": [0.5, 0.5]}, beliefs={"burglary": rows})
    for number, row in enumerate(rows):
        single = tasks.marginals(beliefs={"burglary": row})
        assert batch.probability[number] == pytest.approx(single.probability, abs=1e-12)
        assert batch.outputs["alarm"]["true"][number] == single.outputs["alarm"]["true"]
        assert batch.symbols["earthquake"]["true"][number] == pytest.approx(
            single.symbols["earthquake"]["true"], abs=1e-12
        )
        assert entropies[number] == pytest.approx(tasks.entropy(beliefs={"burglary": row}), abs=1e-12)
        alone = tasks.kl({"burglary": [0.5, 0.5]}, beliefs={"burglary": row})
        assert divergences[number] == pytest.approx(alone, abs=1e-12)
    assert tasks.entropy(beliefs={"burglary": rows[:1]}).shape == (1,)


def test_probabilities_of_low_precision_are_scaled() -> None:
    rounded = burglary().marginals(beliefs={"burglary": [0.50004, 0.50004]})
    exact = burglary().marginals(beliefs={"burglary": [0.5, 0.5]})
    assert rounded.probability == pytest.approx(exact.probability, abs=1e-12)


def test_the_best_outputs_are_found_straight_where_the_circuit_decides_them_first() -> None:
    many = " ".join(f"0.{3 + i % 5}::a({i})." for i in range(30)) + " query(a(_))."
    # A bound for none, then two for each output in turn.
    found = nesy.prepare(nesy.parse(many)).marginal_map(limit=61)
    assert found.outputs == {f"a({i})": "true" if 3 + i % 5 > 5 else "false" for i in range(30)}


def test_programs_with_networks_take_their_beliefs() -> None:
    tasks = nesy.prepare(nesy.parse(NETWORK))
    (symbol,) = tasks.symbols
    assert tasks.marginals(beliefs={symbol: [0.25, 0.75]}).outputs["animal(a,cat)"]["true"] == 0.25


def test_programs_that_leave_nothing_to_chance() -> None:
    tasks = nesy.prepare(nesy.parse("a. query(a). query(b). b :- \\+a."))
    assert tasks.symbols == {}
    assert tasks.marginals().outputs == {"a": {"false": 0.0, "true": 1.0}, "b": {"false": 1.0, "true": 0.0}}
    assert (tasks.count(), tasks.entropy(), len(tasks.top(3)), len(tasks.sample(3))) == (1, 0.0, 1, 3)
    assert tasks.mpe().outputs == {"a": "true", "b": "false"}
    assert nesy.prepare(nesy.parse("0.5::a.")).count() == 1


def test_symbols_of_one_name_are_numbered() -> None:
    tasks = nesy.prepare(nesy.parse("0.3::a. 0.4::a. query(a)."))
    assert list(tasks.symbols) == ["a", "a#2"]
    assert tasks.marginals().outputs["a"]["true"] == pytest.approx(0.58, abs=1e-12)


def test_counts_of_any_size() -> None:
    many = " ".join(f"0.5::a({i})." for i in range(100)) + " q :- a(0). query(q). p :- a(X). query(p)."
    assert nesy.prepare(nesy.parse(many)).count(observed={"p": True}) == 2**100 - 1


@pytest.mark.parametrize(
    ("code", "ask"),
    [
        ("unknown-output", lambda: dice().expected("sum")),
        ("unknown-output", lambda: burglary().marginals(observed={"fire": True})),
        ("unknown-symbol", lambda: dice().mutual_information("total", "die")),
        ("unknown-symbol", lambda: burglary().mpe(beliefs={"alarm": [0.5, 0.5]})),
        ("unknown-value", lambda: dice().mpe(observed={"total": 7})),
        ("unknown-value", lambda: burglary().mpe(observed={"earthquake": "yes"})),
        ("invalid-beliefs", lambda: burglary().mpe(beliefs={"burglary": [0.5, 0.6]})),
        ("invalid-beliefs", lambda: burglary().mpe(beliefs={"burglary": [-0.5, 1.5]})),
        ("invalid-beliefs", lambda: burglary().mpe(beliefs={"burglary": [math.nan, 0.5]})),
        ("invalid-beliefs", lambda: burglary().mpe(beliefs={"burglary": [0.1, 0.2, 0.7]})),
        (
            "invalid-beliefs",
            lambda: burglary().marginals(
                beliefs={"burglary": [[0.5, 0.5]] * 2, "earthquake": [[0.5, 0.5]] * 3}
            ),
        ),
        (
            "invalid-beliefs",
            lambda: burglary().kl({"burglary": [[0.5, 0.5]] * 2}, beliefs={"burglary": [[0.5, 0.5]] * 3}),
        ),
        ("one-example", lambda: burglary().mpe(beliefs={"burglary": [[0.5, 0.5]] * 2})),
        ("needs-networks", lambda: nesy.prepare(nesy.parse(NETWORK)).mpe()),
        ("not-numeric", lambda: burglary().expected("alarm")),
        ("invalid-count", lambda: dice().top(0)),
        ("invalid-count", lambda: dice().sample(-1)),
        ("intractable-map", lambda: dice().marginal_map(limit=2)),
        ("impossible-observation", lambda: burglary().mpe(observed={"alarm": False})),
        (
            "impossible-observation",
            lambda: burglary().mpe(observed={"earthquake": True}, beliefs={"earthquake": [1, 0]}),
        ),
        (
            "inconsistent-evidence",
            lambda: nesy.prepare(nesy.parse("0.5::a. evidence(b). b :- a, \\+a.")).mpe(),
        ),
    ],
)
def test_mistakes(code: str, ask: object) -> None:
    with pytest.raises(nesy.NesyError) as caught:
        ask()  # type: ignore[operator]
    assert caught.value.code == code
    assert caught.value.hint
