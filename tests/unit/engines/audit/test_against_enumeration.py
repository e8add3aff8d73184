"""Audits of small random tasks, held to what trying all concept maps gives."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings

import nesy
from nesy.engines.audit import auditing, counting, tables
from tests.unit.engines.audit.enumeration import consistent_maps, every_world, fewest_changes, images
from tests.unit.engines.audit.random_tasks import INPUTS, Task, tasks

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(task: Task) -> None:
    program = nesy.parse(task.text())
    worlds = [w for w in every_world(task.networks, task.sizes) if task.occurs(w)]
    useless = [r for r in task.rows or () if not any(task.occurs(w) and task.meets(w, r) for w in task.table)]
    values = {v for c in task.table.values() if c for v, p in enumerate(c) if p}
    if not values or useless or not worlds:
        # The rules give nothing, or nothing that some row asks for.
        with pytest.raises(nesy.NesyError) as refused:
            nesy.audit(program, "task(S)", "S", labels=task.rows)
        assert refused.value.code in {
            "no-answers",
            "no-examples",
            "impossible-example",
            "unknown-value",
            "unknown-column",
            "nothing-to-audit",
        }
        return
    found = nesy.audit(program, "task(S)", "S", labels=task.rows)
    held_to(task, found, consistent_maps(task.networks, task.sizes, task.behaviour, worlds))


def held_to(task: Task, found: nesy.Audit, maps: list[dict[tuple[str, int], int]]) -> None:
    assert (found.wrong_maps, found.guarantee) == (len(maps) - 1, "exact")
    read_as = {
        (n, int(v)): set(map(int, images))
        for n, values in found.read_as.items()
        for v, images in values.items()
    }
    assert read_as == images(maps)
    for network, unseen in found.unseen.items():
        assert {int(v) for v in unseen} == set(range(task.sizes[network])) - {
            v for n, v in read_as if n == network
        }
    if found.shortcut is None:
        return
    changed = {(n, int(v)): int(i) for n, c in found.shortcut.changed.items() for v, i in c.items()}
    assert {cell: changed.get(cell, cell[1]) for cell in read_as} in maps
    assert len(changed) == fewest_changes(maps)
    true, read = found.shortcut.survives.true, found.shortcut.survives.read
    world = tuple(int(true[x]) for x in INPUTS[: len(task.networks)])
    image = tuple(int(read[x]) for x in INPUTS[: len(task.networks)])
    assert task.occurs(world)
    assert image == tuple(changed.get((n, v), v) for n, v in zip(task.networks, world, strict=True))
    assert image != world
    assert task.behaviour(world) == task.behaviour(image)


@FEW
@given(tasks(noisy=False))
def test_by_tables(task: Task) -> None:
    check(task)


@FEW
@given(tasks(noisy=False))
def test_by_the_rules_own_formulas(task: Task) -> None:
    with patch.object(tables, "MOST", 0):
        check(task)


@FEW
@given(tasks(noisy=True))
def test_where_outputs_are_uncertain(task: Task) -> None:
    check(task)


@FEW
@given(tasks(noisy=False))
def test_one_by_one_where_counting_takes_too_much(task: Task) -> None:
    with patch.object(auditing, "counted", lambda *_: None):
        check(task)


def test_counting_gives_up_and_says_so() -> None:
    rules = """
        nn(net, [X], V, 0..4) :: v(X, V).
        sum(S) :- v(a, A), v(b, B), v(c, C), S is (A + B + C) mod 2.
    """
    program = nesy.parse(rules)
    exact = nesy.audit(program, "sum(S)", "S")
    assert exact.wrong_maps > 3
    with (
        patch.object(auditing, "counted", lambda *_: None),
        patch.object(auditing, "MOST_LISTED", 3),
    ):
        found = nesy.audit(program, "sum(S)", "S")
    assert (found.wrong_maps, found.guarantee, found.determined) == (3, "at least", False)
    assert "at least 3 wrong concept maps are consistent" in str(found)
    assert found.read_as == exact.read_as
    assert counting.EFFORT > 0
