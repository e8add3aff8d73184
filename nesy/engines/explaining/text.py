"""An explanation as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nesy.engines.explaining.influences import Influence
from nesy.engines.explaining.parts import Change, Fact, Observation, ProbableProof
from nesy.engines.explaining.steps import Step

MOST_LINES = 60
"""How many steps of a proof are shown."""
MOST_INFLUENCES, MOST_CHANGES = 8, 5
"""How many choices and changes are shown."""
MOST_CHARACTERS = 120
"""How many characters of a step are shown."""
MOST_NAME = 60
"""How many characters of a choice's name are shown in tables."""
DEEPEST = 24
"""Steps further down are not moved to the right any more."""
WIDE = 60
"""Places stand below one another up to this width of the steps."""


def answer_lines(atom: str, probability: float, given: Sequence[str]) -> list[str]:
    """What is explained, and given what. Cost: O(what is shown), as of all functions here."""
    lines = [f"{atom}: {number(probability)}"]
    return [*lines, f"given {_listed(given, 6, '; ')}"] if given else lines


def listed_proofs(proofs: Sequence[ProbableProof]) -> Iterator[str]:
    """Proofs, numbered, with what they need. Cost: O(what is shown)."""
    for place, proof in enumerate(proofs, 1):
        yield f"  {place}. {number(proof.probability)}{_needed(proof)}"
        yield from (f"     {line}" for line in proof_lines(proof))


def number(value: float | None) -> str:
    """A probability in four digits; a dash where there is none."""
    return "-" if value is None else f"{value:.4g}"


def proof_lines(proof: ProbableProof) -> list[str]:
    """The steps of a proof as a tree; what stands above already is only named."""
    rows: list[tuple[str, str]] = []
    shown: set[int] = set()
    work = [(root, 0) for root in reversed(proof.roots)]
    while work and len(rows) < MOST_LINES:
        place, depth = work.pop()
        step = proof.steps[place]
        again = place in shown
        shown.add(place)
        mark = "  (as above)" if again and step.below else ""
        said = shortened(said_of(step))
        rows.append((f"{'  ' * min(depth, DEEPEST)}{said}{mark}", step.place or ""))
        if not again:
            work.extend((below, depth + 1) for below in reversed(step.below))
    width = min(WIDE, max((len(left) for left, _ in rows), default=0))
    lines = [f"{left:<{width}}  {right}".rstrip() for left, right in rows]
    if work:
        lines.append(f"and {len(proof.steps) - len(shown)} steps more")
    if proof.conditions_left_out:
        lines.append(f"and {proof.conditions_left_out} observations and constraints more")
    return lines


def shortened(said: str, most: int = MOST_CHARACTERS) -> str:
    """A text, cut where it is long. Cost: O(its length)."""
    return said if len(said) <= most else f"{said[:most]}..."


def said_of(step: Step) -> str:
    """What a step says; beside a network's choice the probability it was given. Cost: O(its length)."""
    if step.kind == "observation":
        return f"observed: {step.text}"
    if step.kind == "constraint":
        return f"kept: {step.text}"
    if step.kind == "negation" and not step.below:
        return f"{step.text} (no rule can give it)"
    if step.probability is not None and (step.text.startswith("nn(") or not step.text.endswith(".")):
        return f"{step.text}  [{number(step.probability)}]"
    return step.text


def _needed(proof: ProbableProof) -> str:
    facts = _listed([_fact(f) for f in proof.facts], 8)
    needed = f", by {facts}" if proof.facts else ", whatever is chosen"
    if not proof.supposed:
        return needed
    return f"{needed}; shown where {_listed([f.name for f in proof.supposed], 8)}"


def _fact(fact: Fact) -> str:
    same = abs(fact.posterior - fact.probability) < 1e-9
    now = "" if same else f", posterior {number(fact.posterior)}"
    return f"{fact.name} ({number(fact.probability)}{now})"


def _listed(texts: Sequence[str], most: int, between: str = ", ") -> str:
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return between.join(texts[:most]) + more


def influence_lines(influences: Sequence[Influence], *, posteriors: bool) -> list[str]:
    """A table of what matters; none where nothing does. posteriors: whether they differ. Cost: O(rows)."""
    found = [i for i in influences if i.matters]
    if not found:
        return []
    heads = ("", "probability", "posterior", "derivative", "if true", "if false")
    rows = [heads, *map(_row, found[:MOST_INFLUENCES])]
    if not posteriors:
        rows = [row[:2] + row[3:] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["what matters most:"]
    for name, *cells in rows:
        numbers = "  ".join(cell.rjust(w) for cell, w in zip(cells, widths[1:], strict=True))
        lines.append(f"  {name:<{widths[0]}}  {numbers}")
    if len(found) > MOST_INFLUENCES:
        lines.append(f"  and {len(found) - MOST_INFLUENCES} more")
    return lines


def _row(influence: Influence) -> tuple[str, ...]:
    numbers = (
        influence.probability,
        influence.posterior,
        influence.derivative,
        influence.if_true,
        influence.if_false,
    )
    return (shortened(influence.name, MOST_NAME), *map(number, numbers))


def observation_lines(observations: Sequence[Observation]) -> list[str]:
    """What the answer would be without each observation. Cost: O(observations)."""
    width = max((len(shortened(o.name)) for o in observations), default=0)
    lines = [f"  {shortened(o.name):<{width}}  {number(o.without)}" for o in observations]
    return ["what it would be without", *lines] if lines else []


def change_lines(changes: Sequence[Change], side: str) -> list[str]:
    """The smallest changes that take an answer to the other side. Cost: O(changes shown)."""
    if not changes:
        return [f"no change of a single choice takes it {side}"]
    width = max(len(shortened(c.name, MOST_NAME)) for c in changes[:MOST_CHANGES])
    lines = [f"what alone would take it {side}:"]
    for change in changes[:MOST_CHANGES]:
        way = "less" if change.to < change.now else "more"
        name = shortened(change.name, MOST_NAME)
        lines.append(f"  {name:<{width}}  {number(change.now)} -> {number(change.to)} or {way}")
    return lines
