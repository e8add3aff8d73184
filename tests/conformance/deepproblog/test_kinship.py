"""Kinship derived from a story by rules of bounded depth that are called by name."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy import Model
from tests.conformance.deepproblog.worlds import CORPUS, answers, assert_same, distributions, enumerated

PEOPLE = ["ann", "bob", "cem"]
STATED = ["child", "parent", "sibling", "none"]
CONVERSE = {"child": "parent", "parent": "child", "sibling": "sibling"}
COMPOSED = {
    ("child", "child"): "grandchild",
    ("parent", "parent"): "grandparent",
    ("sibling", "sibling"): "sibling",
    ("sibling", "child"): "child",
    ("parent", "sibling"): "parent",
    ("child", "sibling"): "niece_or_nephew",
    ("sibling", "parent"): "aunt_or_uncle",
}
Fact = tuple[str, int, int]


class Reader(nn.Module):
    """The story is its own table: by first and second person."""

    def forward(self, story: Tensor, x: Tensor, y: Tensor) -> Tensor:
        return story[torch.arange(len(story)), x, y]


def derived(stated: dict[tuple[int, int], str], depth: int) -> set[Fact]:
    near: set[Fact] = set()
    for (x, y), relation in stated.items():
        if relation != "none":
            near |= {(relation, x, y), (CONVERSE[relation], y, x)}
    found = set(near)
    for _ in range(depth - 1):
        longer = {
            (COMPOSED[first, second], x, z)
            for first, x, y in near
            for second, other, z in found
            if y == other and x != z and (first, second) in COMPOSED
        }
        found = near | longer | found
    return found


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize(("first", "last"), [("ann", "bob"), ("ann", "cem"), ("cem", "ann")])
def test_kinship(depth: int, first: str, last: str) -> None:
    program = nesy.load(CORPUS / "deepproblog_kinship.nesy")
    query = f"kin({depth}, story, {first}, {last}, Relation)"
    if depth == 1 and {first, last} == {"ann", "cem"}:
        with pytest.raises(nesy.NesyError, match="no rule can give"):
            Model(program, {"relation_net": Reader()}, query, "Relation")
        return
    asked = Model(program, {"relation_net": Reader()}, query, "Relation")
    story = distributions(2, 3, 3, 4, seed=depth)
    asked_of = {first, last, "bob"}
    given = {p: torch.tensor([i, i]) for i, p in enumerate(PEOPLE) if p in asked_of}
    x, y = PEOPLE.index(first), PEOPLE.index(last)

    def meaning(ann_bob: int, bob_cem: int) -> list[str]:
        stated = {(0, 1): STATED[ann_bob], (1, 2): STATED[bob_cem]}
        return [r for r, a, b in derived(stated, depth) if (a, b) == (x, y)]

    for row, found in enumerate(answers(asked, story=story, **given)):
        tables = [story[row, 0, 1].tolist(), story[row, 1, 2].tolist()]
        assert_same(found, enumerated(tables, meaning))
