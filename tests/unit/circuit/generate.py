"""Random small circuits: ones with every property by construction, and ones with none in particular."""

from __future__ import annotations

from random import Random

from nesy.circuit.builder import ONE, ZERO, CircuitBuilder
from nesy.circuit.circuit import Circuit


def decision_circuit(random: Random, variables: int = 4, roots: int = 3, *, smooth: bool = True) -> Circuit:
    """Decomposable and deterministic: decisions on one variable, products of independent parts."""
    domains = [random.randint(1, 4) for _ in range(variables)]
    offsets = [sum(domains[:v]) for v in range(variables)]
    builder = CircuitBuilder()
    made: dict[frozenset[int], list[int]] = {}

    def node(scope: frozenset[int]) -> int:
        if not scope:
            return ONE
        if scope in made and random.random() < 0.5:
            return random.choice(made[scope])
        if random.random() < 0.05:
            return ZERO
        result = independent(scope) if len(scope) > 1 and random.random() < 0.4 else decision(scope)
        made.setdefault(scope, []).append(result)
        return result

    def independent(scope: frozenset[int]) -> int:
        left = frozenset(random.sample(sorted(scope), random.randint(1, len(scope) - 1)))
        return builder.product([node(left), node(scope - left)])

    def decision(scope: frozenset[int]) -> int:
        variable = random.choice(sorted(scope))
        branches = []
        for value in range(domains[variable]):
            rest = scope - {variable}
            if not smooth and random.random() < 0.3:
                rest = frozenset(v for v in rest if random.random() < 0.5)
            if random.random() < 0.85:
                branches.append(builder.product([builder.input(offsets[variable] + value), node(rest)]))
        return builder.sum(branches)

    everything = frozenset(range(variables))
    return builder.build([node(everything) for _ in range(roots)], domains)


def arbitrary_circuit(random: Random, variables: int = 3, inner: int = 8) -> Circuit:
    """Sums and products of whatever there is: mostly entangled, rough and overlapping."""
    domains = [random.randint(1, 3) for _ in range(variables)]
    builder = CircuitBuilder()
    nodes = [builder.input(column) for column in range(sum(domains))]
    for _ in range(inner):
        make = builder.sum if random.random() < 0.5 else builder.product
        nodes.append(make(random.sample(nodes, min(len(nodes), random.randint(2, 3)))))
    return builder.build(nodes[-3:], domains)


def parity_circuit(levels: int) -> Circuit:
    """Whether an even number of bits is set: two nodes per level, told apart only by what lies below."""
    builder = CircuitBuilder()
    even, odd = ONE, ZERO
    for level in range(levels):
        unset, isset = builder.input(2 * level), builder.input(2 * level + 1)
        even, odd = (
            builder.sum([builder.product([unset, even]), builder.product([isset, odd])]),
            builder.sum([builder.product([unset, odd]), builder.product([isset, even])]),
        )
    return builder.build([even, odd], [2] * levels)


def addition_circuit() -> Circuit:
    """The 19 sums of two digits, a root each."""
    builder = CircuitBuilder()
    roots = [
        builder.sum(
            builder.product([builder.input(a), builder.input(10 + total - a)])
            for a in range(10)
            if 0 <= total - a < 10
        )
        for total in range(19)
    ]
    return builder.build(roots, [10, 10])


def carry_circuit(digits: int) -> Circuit:
    """The relation between two numbers and their sum, digit by digit, with leaves for the sum's digits."""
    builder = CircuitBuilder()
    carried = [ONE, ZERO]
    for i in range(digits):
        following: tuple[list[int], list[int]] = ([], [])
        for carry in (0, 1):
            for a in range(10):
                for b in range(10):
                    carry_out, digit = divmod(a + b + carry, 10)
                    columns = (10 * i + a, 10 * (digits + i) + b, 10 * (2 * digits + i) + digit)
                    leaves = [builder.input(column) for column in columns]
                    following[carry_out].append(builder.product([carried[carry], *leaves]))
        carried = [builder.sum(terms) for terms in following]
    last = 30 * digits
    root = builder.sum(builder.product([carried[c], builder.input(last + c)]) for c in (0, 1))
    return builder.build([root], [10] * (3 * digits) + [2])
