"""Sentences about two people: paraphrases to learn from, others to choose by, and others yet to test.

`<a>` stands for the person before, `<b>` for the new one. `{r}` is what the new one is called, `{n}` what the
one before is called by the new one, `{his}` the new one's pronoun, `{place}` a place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, final

import numpy as np
import torch
from torch import Tensor

from benchmarks.kinship.family import Kind, Sex, Story, noun

Part = Literal["train", "held-out", "test"]

PHRASES: Mapping[Part, tuple[str, ...]] = {
    "train": (
        "<b> is the {r} of <a>",
        "the {r} of <a> is called <b>",
        "<a> 's {r} is <b>",
        "<a> went to the {place} with {r} <b>",
        "<a> wrote a letter to <b> , the {r}",
        "<b> , the {r} of <a> , likes the {place}",
        "<a> is proud of {r} <b>",
        "<a> called to ask how <b> , the {r} , was",
        "<b> took {his} {n} <a> to the {place}",
        "<b> called to ask how {his} {n} <a> was",
        "<b> and {his} {n} <a> like the {place}",
        "<b> wrote a letter to {his} {n} , <a>",
        "<a> is {his} {n} , and <b> is proud of it",
        "at the {place} <b> met {his} {n} <a>",
        "<b> told {his} {n} <a> about the {place}",
        "<a> took {r} <b> to the {place}",
    ),
    "held-out": (
        "<a> met {r} <b> at the {place}",
        "the {r} of <a> , <b> , wrote a letter",
        "<b> went to the {place} with {his} {n} <a>",
        "<b> likes {his} {n} <a>",
    ),
    "test": (
        "<b> is <a> 's {r}",
        "<a> likes {r} <b>",
        "<a> and {r} <b> went to the {place}",
        "<b> is proud of {his} {n} <a>",
        "<b> and {his} {n} <a> met at the {place}",
        "<b> wrote to {his} {n} <a> about the {place}",
    ),
}
"""No paraphrase is in two parts. A run learns from "train" alone."""

PLACES = ("beach", "market", "zoo", "park", "cinema", "school", "museum", "station")

INVERSE: Mapping[Kind, Kind] = {"parent": "child", "child": "parent", "sibling": "sibling"}

PADDING, UNKNOWN = 0, 1
"""The numbers of what fills a sentence up, and of words that training never had."""


def sentence(phrase: str, kind: Kind, before: Sex, new: Sex, place: str) -> str:
    """What a phrase says of a person who is a parent, child or sibling of the one before."""
    return phrase.format(
        r=noun(kind, new),
        n=noun(INVERSE[kind], before),
        his="his" if new == "male" else "her",
        place=place,
    )


def told(story: Story, part: Part, rng: np.random.Generator) -> list[str]:
    """A sentence for each step of a story, each in a random paraphrase of a part."""
    steps = zip(story.kinds, story.people[:-1], story.people[1:], strict=True)
    phrases = PHRASES[part]
    return [
        sentence(
            phrases[rng.integers(len(phrases))],
            kind,
            before.sex,
            new.sex,
            PLACES[rng.integers(len(PLACES))],
        )
        for kind, before, new in steps
    ]


@final
class Vocabulary:
    """The words of some sentences, as numbers."""

    def __init__(self, sentences: Sequence[str]) -> None:
        words = sorted({word for text in sentences for word in text.split()})
        self._numbers = {word: number for number, word in enumerate(words, start=UNKNOWN + 1)}

    def __len__(self) -> int:
        return len(self._numbers) + UNKNOWN + 1

    def encode(self, sentences: Sequence[str], length: int) -> Tensor:
        """(sentences, length) int64, filled up at the end; `length` is at least that of each."""
        rows = torch.full((len(sentences), length), PADDING, dtype=torch.int64)
        for row, text in zip(rows, sentences, strict=True):
            numbers = [self._numbers.get(word, UNKNOWN) for word in text.split()]
            row[: len(numbers)] = torch.tensor(numbers)
        return rows


LONGEST = max(len(phrase.split()) for phrases in PHRASES.values() for phrase in phrases)
"""The words of the longest sentence."""
