"""The reader of sentences: embedded words, a GRU, and a score for each relation."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from benchmarks.kinship.family import BASIC
from benchmarks.kinship.sentences import PADDING


class Reader(nn.Module):
    """Scores of the six basic relations: (n, words) int64 to logits (n, 6)."""

    def __init__(self, words: int, *, embedded: int = 16, hidden: int = 48) -> None:
        super().__init__()
        self.embedding = nn.Embedding(words, embedded, padding_idx=PADDING)
        self.gru = nn.GRU(embedded, hidden, batch_first=True, bidirectional=True)
        self.scores = nn.Linear(2 * hidden, len(BASIC))

    def forward(self, sentences: Tensor) -> Tensor:
        """Logits, (n, 6): of the largest of each feature over the words."""
        read, _ = self.gru(self.embedding(sentences))
        read = read.masked_fill((sentences == PADDING)[:, :, None], -torch.inf)
        logits: Tensor = self.scores(read.amax(dim=1))
        return logits
