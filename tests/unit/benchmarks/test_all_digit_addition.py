"""Four images that belong together: the data, the rules, the audit, and a short run."""

from __future__ import annotations

import json
import re
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import nesy
from benchmarks.all_digit_addition.data import Fours, form_fours, make_task, set_aside
from benchmarks.all_digit_addition.experiment import QUERY, RULES, count_wrong_maps, make_objective
from benchmarks.command_line import main
from benchmarks.datasets.images import Images
from benchmarks.datasets.split import Split
from benchmarks.learning.matching import confusion, permuted_accuracy
from nesy.errors import DataError
from tests.unit.pages import ROOT, printing


def images(count: int, start: int = 0) -> Images:
    """Images of one pixel; the pixel is the image's number, so that every use can be traced."""
    numbers = torch.arange(start, start + count, dtype=torch.float32)
    return Images(numbers.reshape(-1, 1, 1, 1), torch.arange(count) * 7 % 10)


def used(fours: Fours) -> Tensor:
    """(P, 4): the numbers of the images, as the model would see them."""
    inputs = fours.inputs(slice(None))
    return torch.stack([inputs[p].flatten() for p in ("a", "b", "tens", "units")], dim=1).long()


def test_no_image_comes_twice_and_none_of_the_test_set_is_learnt_from() -> None:
    task = make_task(Split(images(600), images(200, start=1000), "test"), 2, seed=1)
    train, unseen = used(task.train).flatten().tolist(), used(task.unseen).flatten().tolist()
    labelled = task.labelled.pixels.flatten().long().tolist()
    together = train + labelled + unseen
    assert len(set(together)) == len(together)
    assert set(train + labelled) <= set(range(600))
    assert set(unseen) <= set(range(1000, 1200))
    assert sorted(task.labelled.digits.tolist()) == [digit for digit in range(10) for _ in range(2)]
    assert f"{len(task.train)} training examples" in task.protocol
    assert "2 further training images of each digit" in task.protocol


@pytest.mark.parametrize("together", [1.0, 0.5])
def test_targets_say_whether_the_last_two_show_the_sum(together: float) -> None:
    source = images(4_000)
    fours = form_fours(source, together, np.random.default_rng(0))
    digits = source.digits[used(fours)]
    right = digits[:, 0] + digits[:, 1] == 10 * digits[:, 2] + digits[:, 3]
    assert torch.equal(fours.targets[:, 0].bool(), right)
    # 400 images of each digit, and of the commonest, 0, at most 0.85 in an example: hundreds of examples.
    assert len(fours) > 400
    assert float(right.double().mean()) == pytest.approx(together, abs=0.1)


def test_every_pair_of_digits_is_about_as_common() -> None:
    source = images(80_000)
    digits = source.digits[used(form_fours(source, 1.0, np.random.default_rng(0)))]
    counts = torch.bincount(10 * digits[:, 0] + digits[:, 1], minlength=100)
    assert len(digits) > 8_000
    # Five standard deviations of about 95 of each.
    assert int(counts.min()) > 45
    assert int(counts.max()) < 145


def test_concepts_are_the_digits_of_the_images() -> None:
    source = images(400)
    fours = form_fours(source, 0.5, np.random.default_rng(2))
    inputs, concepts = fours.inputs(slice(3, 9)), fours.concepts(slice(3, 9))
    for place in ("a", "b", "tens", "units"):
        assert torch.equal(concepts[f"digit({place},_)"], source.digits[inputs[place].flatten().long()])


def test_too_few_images() -> None:
    with pytest.raises(DataError) as caught:
        form_fours(images(3), 1.0, np.random.default_rng(0))
    assert caught.value.code == "too-few-images"
    with pytest.raises(DataError) as caught:
        set_aside(images(19), 2, np.random.default_rng(0))
    assert caught.value.code == "too-few-images"


def test_the_rules_are_a_sum_over_all_worlds() -> None:
    torch.manual_seed(0)
    scores = torch.randn(4, 3, 10, dtype=torch.float64)
    model = nesy.Model(nesy.load(RULES), {"digit_net": nesy.logits(nn.Identity())}, query=QUERY).double()
    found = model(**dict(zip(("a", "b", "tens", "units"), scores, strict=True))).exp()
    a, b, tens, units = scores.softmax(dim=2)
    expected = torch.zeros(3, dtype=torch.float64)
    for x, y in product(range(10), repeat=2):
        expected += a[:, x] * b[:, y] * tens[:, (x + y) // 10] * units[:, (x + y) % 10]
    assert torch.allclose(found[:, 1], expected)
    assert torch.allclose(found[:, 0], 1 - expected)


def test_the_audit_finds_the_collapse_and_nothing_else() -> None:
    """By the rules of arithmetic: f(0) is 0, f(x) = x f(1), and 9 f(1) is a digit."""
    assert count_wrong_maps() == 1
    found = nesy.audit(nesy.load(RULES), QUERY, labels=[(None, True)])
    assert all("0" in reading for reading in found.read_as["digit_net"].values())


class Fixed:
    """Logits that stand for images, of two concepts of three values."""

    def __init__(self, logits: Tensor, truth: Tensor) -> None:
        self.logits, self.truth = logits, truth
        self.targets = torch.zeros(len(truth), 1, dtype=torch.int64)

    def __len__(self) -> int:
        return len(self.truth)

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        return {"a": self.logits[chosen, 0], "b": self.logits[chosen, 1]}

    def concepts(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        return {"value(a,_)": self.truth[chosen, 0], "value(b,_)": self.truth[chosen, 1]}


def test_the_best_renaming_is_the_best_of_all() -> None:
    rules = "nn(net, [X], D, 0..2) :: value(X, D).\nsame(X, Y) :- value(X, D), value(Y, D)."
    model = nesy.Model(nesy.parse(rules), {"net": nesy.logits(nn.Identity())}, query="same(a, b)")
    torch.manual_seed(1)
    examples = Fixed(torch.randn(40, 2, 3), torch.randint(0, 3, (40, 2)))
    counts = confusion(model, examples, 3, batch=7)
    guess = examples.logits.argmax(dim=2)
    for true, read in product(range(3), repeat=2):
        assert int(counts[true, read]) == int(((examples.truth == true) & (guess == read)).sum())
    best = max(sum(int(counts[i, p[i]]) for i in range(3)) for p in permutations(range(3)))
    assert permuted_accuracy(counts) == pytest.approx(best / 80)


def test_labelled_images_are_taught_and_others_are_not() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Flatten(), nn.Linear(4, 10))
    model = nesy.Model(nesy.load(RULES), {"digit_net": nesy.logits(network)}, query=QUERY)
    inputs = {place: torch.randn(5, 1, 2, 2) for place in ("a", "b", "tens", "units")}
    targets = torch.ones(5, 1, dtype=torch.int64)
    nothing = Images(torch.empty(0, 1, 2, 2), torch.empty(0, dtype=torch.int64))
    some = Images(torch.randn(10, 1, 2, 2), torch.arange(10))
    plain = make_objective(model, network, 0.0, nothing)(targets, **inputs)
    taught = make_objective(model, network, 0.0, some)(targets, **inputs)
    spread = make_objective(model, network, 2.0, nothing)(targets, **inputs)
    assert plain.item() == pytest.approx(model.loss(targets, **inputs).item())
    own = nn.functional.cross_entropy(network(some.pixels), some.digits)
    assert (taught - plain).item() == pytest.approx(own.item(), rel=1e-4)
    mean = torch.cat([network(rows).softmax(dim=1) for rows in inputs.values()]).mean(dim=0)
    assert (plain - spread).item() == pytest.approx(-2 * (mean * mean.log()).sum().item(), rel=1e-4)


def test_the_page_prints_what_stands_below_its_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = RULES.with_name("README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", text, flags=re.DOTALL)
    assert len(examples) == 1
    printing(examples)


def test_a_short_run_records_all_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    words = ["--data", "digits", "--epochs", "3", "--spread", "1", "--labels", "1", "--json", str(out)]
    assert main(["all_digit_addition", *words]) == 0
    record = json.loads(out.read_text())
    assert (record["wrong_maps"], record["labelled_images"]) == (1, 10)
    assert record["train_examples"] > 100
    assert record["test_examples"] > 30
    for name in ("task_accuracy", "concept_accuracy", "task_calibration_error", "concept_calibration_error"):
        assert 0 <= record[name] <= 1
    assert record["concept_accuracy"] <= record["permuted_concept_accuracy"]
    assert 1 <= record["values_read"] <= 10
    for name in ("train_seconds", "examples_per_second", "peak_memory", "circuit_nodes", "circuit_edges"):
        assert record[name] > 0
    assert "under the best renaming" in capsys.readouterr().out
