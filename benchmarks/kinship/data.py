"""Stories of given lengths, their sentences as numbers of words, and their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import torch
from torch import Tensor

from benchmarks.kinship.family import BASIC, NAMES, story
from benchmarks.kinship.sentences import LONGEST, Part, Vocabulary, told

ANSWERS = tuple(sorted(name for pair in NAMES.values() for name in pair))
"""All that stories may end with."""


@final
@dataclass(frozen=True, eq=False)
class Stories:
    """E stories of as many sentences.

    sentences: the texts, N of each story. told: (E, N) int64, which of `BASIC` each tells.
    answers: what the last person is to the first.
    """

    sentences: tuple[tuple[str, ...], ...]
    told: Tensor
    answers: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.answers)

    @property
    def steps(self) -> int:
        """N."""
        return int(self.told.shape[1])


def make_stories(count: int, steps: int, part: Part, rng: np.random.Generator) -> Stories:
    """Random stories, told in the paraphrases of a part."""
    found = [story(steps, rng) for _ in range(count)]
    return Stories(
        tuple(tuple(told(one, part, rng)) for one in found),
        torch.tensor([[BASIC.index(name) for name in one.told] for one in found]),
        tuple(one.answer for one in found),
    )


@final
@dataclass(frozen=True, eq=False)
class SameLength:
    """Stories of one length, as a `nesy.Model` takes them. words: (E, N, W) int64.

    targets: (E, 1) int64, indices into `domain`, which are the answers that such stories may have.
    """

    words: Tensor
    told: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The sentences of some stories."""
        return {"s": self.words[chosen]}

    def concepts(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """What the sentences of some stories tell."""
        return {f"tells(s({i}),_)": self.told[chosen, i] for i in range(self.told.shape[1])}


def same_length(stories: Stories, vocabulary: Vocabulary, domain: Sequence[object]) -> SameLength:
    """Stories as numbers. domain: the answers that a model of their length may give."""
    texts = [text for one in stories.sentences for text in one]
    words = vocabulary.encode(texts, LONGEST).reshape(len(stories), stories.steps, LONGEST)
    targets = torch.tensor([[domain.index(answer)] for answer in stories.answers])
    return SameLength(words, stories.told, targets)


@final
@dataclass(frozen=True, eq=False)
class AnyLength:
    """Stories of several lengths, as a `nesy.SequenceModel` takes them.

    words: for each story (N, W) int64, N its own. targets: (E, 1) int64, indices into `ANSWERS`.
    """

    words: tuple[Tensor, ...]
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def inputs(self, chosen: Tensor | slice) -> Mapping[str, Any]:
        """The sentences of some stories, a list of tensors."""
        numbers = torch.arange(len(self))[chosen].tolist()
        return {"s": [self.words[number] for number in numbers]}


def any_length(parts: Sequence[Stories], vocabulary: Vocabulary) -> AnyLength:
    """Stories of several lengths as numbers, one part behind the other."""
    words = [vocabulary.encode(texts, LONGEST) for part in parts for texts in part.sentences]
    answers = [ANSWERS.index(answer) for part in parts for answer in part.answers]
    return AnyLength(tuple(words), torch.tensor(answers)[:, None])
