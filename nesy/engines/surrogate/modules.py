"""The modules of a program, in an order in which each comes after those whose values it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from nesy.engines.surrogate.conjuncts import conjuncts
from nesy.engines.surrogate.cutting import cut
from nesy.engines.surrogate.exclusive import possible
from nesy.engines.surrogate.local import Local, localised
from nesy.engines.surrogate.separators import separators
from nesy.logic.graph import Lit
from nesy.logic.parts import Part, independent_parts
from nesy.logic.program import GroundProgram


@final
@dataclass(frozen=True, eq=False)
class Module:
    """Some symbols, what other modules hand on, and what follows from them.

    symbols: numbers of the program's symbols, ascending. takes: numbers of the derived variables that are
    its further inputs, ascending. outputs: numbers of the program's outputs. gives: the derived variable
    that is its last dimension, or None.
    """

    local: Local
    symbols: tuple[int, ...]
    takes: tuple[int, ...]
    outputs: tuple[int, ...]
    gives: int | None


@final
@dataclass(frozen=True, eq=False)
class Conjunction:
    """A module too large to be learnt as one: an output of two values, one of which is a conjunction.

    Its conjuncts are modules of one dimension each, taken for independent of one another.
    output: its number. holds: which of its values is that all conjuncts hold.
    """

    output: int
    holds: int
    conjuncts: tuple[Module, ...]


@final
@dataclass(frozen=True, eq=False)
class Structure:
    """modules: those that are learnt whole. conjunctions: those that are not.

    derived: how many values each of the variables has that modules hand to one another.
    """

    modules: tuple[Module, ...]
    conjunctions: tuple[Conjunction, ...]
    derived: tuple[int, ...]


def structure(program: GroundProgram, largest: int) -> Structure:
    """The modules of a program. largest: the worlds of a module above which it is taken apart, if it can be.

    Cost: that of `separators`.
    """
    families = separators(program)
    total = _total(program, families) if families else frozenset()
    whole = cut(program, families, total)
    symbols, outputs = len(program.symbols), len(program.outputs)
    modules: list[Module] = []
    conjunctions: list[Conjunction] = []
    for part in independent_parts(whole):
        if not part.outputs and not part.symbols:
            continue
        made = _module(part, symbols, outputs)
        apart = _apart(made, largest) if made.local.worlds > largest else None
        if apart is None:
            modules.append(made)
        else:
            conjunctions += apart
    derived = tuple(len(s.values) for s in whole.symbols[symbols:])
    return Structure(_ordered(modules), tuple(conjunctions), derived)


def _total(program: GroundProgram, families: Sequence[tuple[Lit, ...]]) -> frozenset[int]:
    """The families that have a value in every world.

    A module whose inputs are known to have values is asked about these alone, so modules are asked in turn.
    """
    symbols, outputs = len(program.symbols), len(program.outputs)
    parts = independent_parts(cut(program, families))
    giver = {output - outputs: part for part in parts for output in part.outputs if output >= outputs}
    found: set[int] = set()
    # A family is of deeper gates than what is derived from it, and families come deepest first.
    for number in range(len(families)):
        part = giver[number].program
        none = part.outputs[giver[number].outputs.index(outputs + number)].literals[-1]
        defined = [
            Lit(-part.graph.leaf(place, len(families[symbol - symbols])))
            for place, symbol in enumerate(giver[number].symbols)
            if symbol - symbols in found
        ]
        if not possible(part, part.graph.conjunction([none, *defined])):
            found.add(number)
    return frozenset(found)


def _module(part: Part, symbols: int, outputs: int) -> Module:
    given = [o - outputs for o in part.outputs if o >= outputs]
    return Module(
        localised(part.program),
        tuple(s for s in part.symbols if s < symbols),
        tuple(s - symbols for s in part.symbols if s >= symbols),
        tuple(o for o in part.outputs if o < outputs),
        given[0] if given else None,
    )


def _apart(module: Module, largest: int) -> list[Conjunction] | None:
    """A module as conjunctions; None where it is something else."""
    program = module.local.program
    if module.gives is not None or module.takes or program.condition:
        return None
    found = []
    for number, output in zip(module.outputs, program.outputs, strict=True):
        first, second = output.literals if len(output.literals) == 2 else (0, 0)
        if first == 0 or first != -second:
            return None
        for value, literal in enumerate(output.literals):
            programs = conjuncts(program, literal, largest)
            if programs is not None:
                parts = tuple(
                    Module(localised(p), tuple(module.symbols[s] for s in chosen), (), (), None)
                    for p, chosen in programs
                )
                found.append(Conjunction(number, value, parts))
                break
        else:
            return None
    return found


def _ordered(modules: Sequence[Module]) -> tuple[Module, ...]:
    """Each after those that give what it takes."""
    giver = {m.gives: m for m in modules if m.gives is not None}
    placed: set[int] = set()
    found: list[Module] = []
    for start in modules:
        stack = [start]
        while stack:
            module = stack[-1]
            waiting = [giver[t] for t in module.takes if id(giver[t]) not in placed]
            if waiting:
                stack += waiting
                continue
            stack.pop()
            if id(module) not in placed:
                placed.add(id(module))
                found.append(module)
    return tuple(found)
