"""Which instance of a rule each atom of a proof is derived by, so that nothing is derived from itself."""

from __future__ import annotations

from collections.abc import Mapping

from nesy.engines.explaining.derivations import Atom, Called, Derivations, Instance
from nesy.engines.explaining.truth import Truth


def chosen(derivations: Derivations, truth: Truth) -> Mapping[Atom, Instance]:
    """For each atom that holds in all worlds of a box, an instance that makes it hold.

    They are found from the facts up, so that each rests on atoms found before it, and by few steps.
    Cost: O(instances and their goals); nothing recurses.
    """
    found: dict[Atom, Instance] = {}
    missing: dict[Instance, int] = {}
    waiting: dict[Atom, list[tuple[Instance, Atom, int]]] = {}
    ready: list[tuple[Atom, Instance]] = []
    for atom, instances in derivations.instances.items():
        for instance in instances:
            if not all(map(truth.holds, instance.literals)):
                continue
            goals = [g for g in derivations.goals(instance) if isinstance(g, Called) and g.positive]
            missing[instance] = len(goals)
            for place, goal in enumerate(goals):
                for below in goal.atoms:
                    waiting.setdefault(below, []).append((instance, atom, place))
            if not goals:
                ready.append((atom, instance))
    met: set[tuple[Instance, int]] = set()
    # A queue: what takes few steps comes first.
    for atom, instance in ready:
        if atom in found:
            continue
        found[atom] = instance
        for above, head, place in waiting.get(atom, ()):
            if (above, place) not in met:
                met.add((above, place))
                missing[above] -= 1
                if missing[above] == 0:
                    ready.append((head, above))
    return found
