"""Finds groups of formulas that may exclude one another: the states of a chain, the values of a variable.

The grounder names the answers of one call. Others show in the gates: where the alternatives of a
disjunction ask for formulas over the very same symbols, and equally high above them, these are likely
to be the values of one thing. They are candidates only, to be proven; and only gates that are used more than
once, and stand on other gates, since nothing else is worth a decision.
"""

from __future__ import annotations

from typing import Any

from nesy.compile.gates import Gates
from nesy.compile.jit import Ints, borrowed, inner, ints
from nesy.compile.literals import distinct, index, memberships
from nesy.compile.sorting import sort
from nesy.compile.supports import Supports

_MODULUS = 2147483647
LARGEST = 1_000
"""Disjunctions of more alternatives are not looked at."""


@inner
def with_families(gates: Gates, sets: Supports) -> Any:
    """The gates, with the candidates found in them behind those they had. Cost: O(words * edges)."""
    seen = borrowed(gates)
    digest = _digests(seen, borrowed(sets))
    start, family = ints(len(gates.family_start), 0), ints(len(gates.family) + 64, 0)
    for f in range(len(start)):
        start[f] = gates.family_start[f]
    for i in range(len(gates.family)):
        family[i] = gates.family[i]
    families = len(start) - 1
    last = ints(2 * len(gates.symbol), -1)
    for f in range(families):
        last[index(family[start[f]])] = f
    keyed, literals = ints(64, 0), ints(64, 0)
    for gate in range(2, len(gates.symbol)):
        if gates.start[gate + 1] - gates.start[gate] > LARGEST:
            continue
        count, keyed, literals = _asked(seen, digest, gate, keyed, literals)
        sort(keyed, 0, count)
        i = 0
        while i < count:
            j = i
            while j < count and keyed[j] // len(literals) == keyed[i] // len(literals):
                j += 1
            start, family, families = _added(literals, keyed, i, j, start, family, families, last)
            i = j
    start, family = start[: families + 1], family[: start[families]]
    member_start, member = memberships(start, family, len(gates.symbol))
    return Gates(
        gates.start,
        gates.child,
        gates.up_start,
        gates.up,
        gates.symbol,
        gates.leaf_start,
        gates.leaf,
        gates.class_start,
        gates.column,
        start,
        family,
        member_start,
        member,
        gates.height,
        gates.roots,
    )


@inner
def _digests(gates: Gates, sets: Supports) -> Ints:
    """For each gate a digest of its support and height. Equal ones are only a hint."""
    words, bits = sets.shape[0], sets.bits
    digest = ints(len(gates.symbol), 0)
    for node in range(2, len(gates.symbol)):
        mixed = gates.height[node] * 64 + sets.part[node] % 61
        for w in range(words):
            mixed = (mixed * 1000003 + bits[words * node + w] % _MODULUS) % _MODULUS
        digest[node] = mixed
    return digest


@inner
def _asked(gates: Gates, digest: Ints, gate: int, keyed: Ints, literals: Ints) -> Any:
    """The gates that alternatives of a negated gate ask for: (how many, digests with places, literals)."""
    start, child, symbol = gates.start, gates.child, gates.symbol
    count = 0
    for i in range(start[gate], start[gate + 1]):
        part = -child[i]
        node = abs(part)
        inside = part > 0 and symbol[node] < 0
        for j in range(start[node] if inside else 0, start[node + 1] if inside else 1):
            literal = child[j] if inside else part
            below = abs(literal)
            used = gates.up_start[below + 1] - gates.up_start[below]
            if symbol[below] >= 0 or gates.height[below] < 2 or used < 2:
                continue
            if count == len(literals):
                larger, wider = ints(2 * count, 0), ints(2 * count, 0)
                for k in range(count):
                    larger[k] = literals[k]
                    wider[k] = keyed[k] // count * (2 * count) + keyed[k] % count
                literals, keyed = larger, wider
            literals[count] = literal
            sign = 1 if literal > 0 else 0
            keyed[count] = (2 * digest[abs(literal)] + sign) * len(literals) + count
            count += 1
    return count, keyed, literals


@inner
def _added(
    literals: Ints, keyed: Ints, first: int, stop: int, start: Ints, family: Ints, families: int, last: Ints
) -> Any:
    """Add the different literals of one digest as a family, if there are two, and it is not the last such."""
    top = start[families]
    while top + stop - first > len(family):
        longer = ints(2 * len(family), 0)
        for i in range(top):
            longer[i] = family[i]
        family = longer
    end = top
    for i in range(first, stop):
        family[end] = literals[keyed[i] % len(literals)]
        end += 1
    kept = distinct(family, top, end)
    if kept - top < 2 or _is_known(family, start, last[index(family[top])], top, kept):
        return start, family, families
    if families + 2 > len(start):
        longer = ints(2 * len(start) + 8, 0)
        for i in range(families + 1):
            longer[i] = start[i]
        start = longer
    last[index(family[top])] = families
    start[families + 1] = kept
    return start, family, families + 1


@inner
def _is_known(family: Ints, start: Ints, f: int, first: int, stop: int) -> bool:
    """Whether family f has just these members. Members are sorted."""
    if f < 0 or start[f + 1] - start[f] != stop - first:
        return False
    for i in range(stop - first):
        if family[start[f] + i] != family[first + i]:
            return False
    return True
