"""Family trees, and walks through them: stories whose answers are read off the tree, not off any rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, final

import numpy as np

Kind = Literal["parent", "child", "sibling"]
Sex = Literal["male", "female"]

BASIC = ("father", "mother", "son", "daughter", "brother", "sister")
"""What a sentence tells: the values of the network, in the order of the rules."""

NOUNS: dict[Kind, tuple[str, str]] = {
    "parent": ("father", "mother"),
    "child": ("son", "daughter"),
    "sibling": ("brother", "sister"),
}
"""Of a man and of a woman."""

NAMES: dict[tuple[int, int], tuple[str, str]] = {
    (1, 0): ("father", "mother"),
    (2, 0): ("grandfather", "grandmother"),
    (3, 0): ("great_grandfather", "great_grandmother"),
    (0, 1): ("son", "daughter"),
    (0, 2): ("grandson", "granddaughter"),
    (0, 3): ("great_grandson", "great_granddaughter"),
    (1, 1): ("brother", "sister"),
    (2, 1): ("uncle", "aunt"),
    (3, 1): ("great_uncle", "great_aunt"),
    (1, 2): ("nephew", "niece"),
    (1, 3): ("great_nephew", "great_niece"),
    (2, 2): ("cousin_he", "cousin_she"),
}
"""Of a man and of a woman, by the generations up to the nearest common ancestor, and down from there."""

LAST_STEPS = 3
"""How near to a story's end somebody may be met from whom only children and siblings lead on."""


@final
@dataclass(eq=False)
class Person:
    """Somebody in a tree. parents and children are made when a walk comes by."""

    sex: Sex
    parents: tuple[Person, Person] | None = None
    spouse: Person | None = None


@final
@dataclass(frozen=True)
class Story:
    """A walk. people: one more than steps. kinds: what each is to the one before. answer: what the last is
    to the first.
    """

    people: tuple[Person, ...]
    kinds: tuple[Kind, ...]
    answer: str

    @property
    def told(self) -> tuple[str, ...]:
        """What the sentences tell, one of `BASIC` each."""
        return tuple(noun(kind, p.sex) for kind, p in zip(self.kinds, self.people[1:], strict=True))


def noun(kind: Kind, sex: Sex) -> str:
    """What a parent, child or sibling of a sex is called."""
    return NOUNS[kind][sex == "female"]


def story(steps: int, rng: np.random.Generator) -> Story:
    """A random walk to people not met before, all of whom are related to the first by blood and have a name.

    At each step all that may follow is equally likely.
    """
    walk = _Walk(rng)
    for step in range(steps):
        walk.go_on(steps - step)
    return Story(tuple(walk.people), tuple(walk.kinds), relation(walk.people[0], walk.people[-1]) or "")


def relation(first: Person, last: Person) -> str | None:
    """What the last is to the first, by their nearest common ancestor; None if that has no name here."""
    above = {id(person): up for person, up in _ancestors(first)}
    found = [(above[id(person)] + down, above[id(person)], down) for person, down in _ancestors(last)
             if id(person) in above]  # fmt: skip
    if not found:
        return None
    _, up, down = min(found)
    names = NAMES.get((up, down))
    return None if names is None else names[last.sex == "female"]


def _ancestors(person: Person) -> Iterator[tuple[Person, int]]:
    """Oneself and all ancestors that have been made, with the generations between."""
    work = [(person, 0)]
    while work:
        found, up = work.pop()
        yield found, up
        work.extend((parent, up + 1) for parent in found.parents or ())


@dataclass
class _Walk:
    rng: np.random.Generator
    people: list[Person] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.people.append(Person("female" if self.rng.random() < 0.5 else "male"))

    def go_on(self, left: int) -> None:
        """One more person; `left` steps are left, this one included."""
        possible = [
            (kind, person)
            for kind in NOUNS
            for person in self._candidates(kind)
            if person not in self.people and relation(self.people[0], person) is not None
        ]
        open_ended = [choice for choice in possible if left <= LAST_STEPS or self._leads_on(choice[1])]
        kind, person = open_ended[self.rng.integers(len(open_ended))]
        self.kinds.append(kind)
        self.people.append(person)

    def _candidates(self, kind: Kind) -> tuple[Person, Person]:
        """A man and a woman who are that to the last person."""
        last = self.people[-1]
        if kind == "child":
            return _child(_couple(last), "male"), _child(_couple(last), "female")
        if last.parents is None:
            father, mother = Person("male"), Person("female")
            father.spouse, mother.spouse = mother, father
            last.parents = (father, mother)
        if kind == "parent":
            return last.parents
        return _child(last.parents, "male"), _child(last.parents, "female")

    def _leads_on(self, person: Person) -> bool:
        """Whether there is a way up from a person who is met."""
        start = self.people[0]
        upwards = {id(p): up for p, up in _ancestors(start) if up > 0}
        direct = id(person) in upwards
        return direct or any(id(parent) in upwards for parent in person.parents or ())


def _couple(person: Person) -> tuple[Person, Person]:
    if person.spouse is None:
        person.spouse = Person("male" if person.sex == "female" else "female", spouse=person)
    couple = (person, person.spouse)
    return couple if person.sex == "male" else (couple[1], couple[0])


def _child(parents: tuple[Person, Person], sex: Sex) -> Person:
    return Person(sex, parents)
