"""Kinship: rules against family trees, sentences, and a whole run."""

from __future__ import annotations

import json
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import nesy
from benchmarks.command_line import main
from benchmarks.kinship.data import ANSWERS, any_length, make_stories, same_length
from benchmarks.kinship.experiment import RULES, story_model
from benchmarks.kinship.family import BASIC, Person, Story, relation, story
from benchmarks.kinship.sentences import LONGEST, PADDING, PHRASES, UNKNOWN, Part, Vocabulary, sentence, told

CERTAIN = (torch.eye(len(BASIC)) - 1) * 1e4
PARTS: tuple[Part, ...] = ("train", "held-out", "test")


def stories(steps: int, count: int = 100) -> list[Story]:
    rng = np.random.default_rng(steps)
    return [story(steps, rng) for _ in range(count)]


@pytest.mark.parametrize("steps", [1, 2, 3, 5, 10])
def test_the_rules_say_what_the_family_tree_says(steps: int) -> None:
    found = stories(steps)
    model = story_model(nn.Identity(), steps)
    told_of = torch.tensor([[BASIC.index(name) for name in one.told] for one in found])
    chances = model(s=CERTAIN[told_of]).exp()
    answers = [model.outputs[0].domain.index(one.answer) for one in found]
    torch.testing.assert_close(chances[range(len(found)), answers], torch.ones(len(found)))
    torch.testing.assert_close(chances.sum(dim=1), torch.ones(len(found)))


def test_what_is_uncertain_has_no_answer_in_the_rules() -> None:
    """A child's father is oneself or a husband; a nephew's mother is a sister or a brother's wife."""
    model = story_model(nn.Identity(), 2)
    for first, second in product(BASIC, repeat=2):
        chances = model(s=CERTAIN[[BASIC.index(first), BASIC.index(second)]][None]).exp()
        in_law = first in ("son", "daughter") and second in ("father", "mother")
        assert chances.sum().item() == pytest.approx(0.0 if in_law else 1.0)


def test_nobody_comes_twice_and_neighbours_are_what_is_told() -> None:
    for one in stories(10):
        assert len({id(person) for person in one.people}) == 11
        for (before, new), name in zip(pairwise(one.people), one.told, strict=True):
            assert relation(before, new) == name


def test_relations_in_a_tree_by_hand() -> None:
    grandmother, grandfather = Person("female"), Person("male")
    mother, uncle = (Person(sex, (grandfather, grandmother)) for sex in ("female", "male"))
    father, aunt_by_marriage = Person("male"), Person("female")
    me, cousin = Person("female", (father, mother)), Person("male", (uncle, aunt_by_marriage))
    named = {
        grandmother: "grandmother",
        uncle: "uncle",
        father: "father",
        cousin: "cousin_he",
        aunt_by_marriage: None,
    }
    assert {person: relation(me, person) for person in named} == named
    assert relation(grandfather, me) == "granddaughter"
    assert relation(uncle, me) == "niece"


def test_long_stories_go_on_upwards() -> None:
    assert sum("parent" in one.kinds[3:7] for one in stories(10)) > 80


def test_labels_of_short_stories_determine_what_sentences_tell() -> None:
    assert nesy.audit(nesy.load(RULES), "story(2, R)", "R").determined


def test_sentences_name_the_relation_or_its_inverse() -> None:
    direct, inverse = "<a> 's {r} is <b>", "<b> took {his} {n} <a> to the {place}"
    assert sentence(direct, "parent", "female", "male", "zoo") == "<a> 's father is <b>"
    assert sentence(inverse, "parent", "female", "male", "zoo") == "<b> took his daughter <a> to the zoo"
    assert sentence(inverse, "sibling", "male", "female", "zoo") == "<b> took her brother <a> to the zoo"


def test_every_phrase_tells_who_is_what_to_whom() -> None:
    for phrases in PHRASES.values():
        for phrase in phrases:
            assert {"<a>", "<b>"} <= set(phrase.split())
            assert "{r}" in phrase or ("{n}" in phrase and "{his}" in phrase)


def test_no_sentence_of_one_part_is_in_another() -> None:
    rng = np.random.default_rng(0)
    texts = {part: {text for one in stories(6) for text in told(one, part, rng)} for part in PARTS}
    assert not texts["train"] & texts["test"]
    assert not texts["held-out"] & (texts["train"] | texts["test"])


def test_words_are_numbered_and_sentences_filled_up() -> None:
    vocabulary = Vocabulary(["<b> is the aunt", "the zoo"])
    rows = vocabulary.encode(["the zoo", "is unheard"], 4)
    assert len(vocabulary) == 7
    assert rows.tolist()[0][2:] == [PADDING, PADDING]
    assert rows[1, 1] == UNKNOWN
    assert len({*rows[0, :2].tolist(), int(rows[1, 0])}) == 3


def test_training_knows_all_words_of_the_other_parts() -> None:
    rng = np.random.default_rng(0)
    texts = [text for one in stories(6, 300) for text in told(one, "train", rng)]
    vocabulary = Vocabulary(texts)
    for part in ("held-out", "test"):
        others = [text for one in stories(6, 300) for text in told(one, part, rng)]  # type: ignore[arg-type]
        assert not (vocabulary.encode(others, LONGEST) == UNKNOWN).any()


def test_examples_of_one_and_of_several_lengths_are_the_same_stories() -> None:
    rng = np.random.default_rng(0)
    short, long = make_stories(5, 2, "train", rng), make_stories(4, 3, "train", rng)
    vocabulary = Vocabulary([text for part in (short, long) for one in part.sentences for text in one])
    mixed, alone = any_length([short, long], vocabulary), same_length(long, vocabulary, ANSWERS)
    picked = mixed.inputs(torch.tensor([0, 5, 8]))["s"]
    assert [len(rows) for rows in picked] == [2, 3, 3]
    torch.testing.assert_close(torch.stack(picked[1:]), alone.inputs(torch.tensor([0, 3]))["s"])
    assert torch.equal(mixed.targets[5:], alone.targets)
    assert alone.concepts(slice(None))["tells(s(2),_)"].tolist() == long.told[:, 2].tolist()


def test_the_seed_decides_the_stories() -> None:
    first, again, other = (make_stories(5, 3, "train", np.random.default_rng(n)).sentences for n in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("validate", [False, True])
def test_a_run_records_all_figures(
    validate: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    words = ["--stories", "200", "--lengths", "2", "4", "--epochs", "1", *["--validate"] * validate]
    assert main(["kinship", *words, "--json", str(out)]) == 0
    record = json.loads(out.read_text())
    names = ["task_accuracy", "concept_accuracy", "task_calibration_error", "concept_calibration_error"]
    names += [f"{kind}_accuracy_of_{steps}" for kind in ("task", "concept") for steps in (2, 4)]
    assert all(0 <= record[name] <= 1 for name in names)
    positive = ("circuit_nodes", "circuit_edges", "examples_per_second", "peak_memory", "train_seconds")
    assert all(record[name] > 0 for name in positive)
    assert record["judged_stories"] == 400
    assert "no sentence's relation is used" in record["protocol"]
    assert ("held-out stories" in record["protocol"]) == validate
    assert "sentences" in capsys.readouterr().out
