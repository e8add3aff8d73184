"""What `nesy solve` answers, for people and for machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, final

from nesy.cli.solve.options import SolveOptions, TaskName
from nesy.engines.reasoning import (
    Explanation,
    Interpretation,
    Optimum,
    Part,
    count,
    entails,
    explain,
    models,
    optimize,
    prove,
    repair,
)
from nesy.errors import SemanticsError
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program

Fields = dict[str, Any]


class Reply(NamedTuple):
    """An answer: the fields of its JSON, and the lines of its text."""

    fields: Fields
    lines: list[str]


@final
@dataclass(frozen=True)
class Answering:
    """One task on one program."""

    program: Program
    options: SolveOptions
    budget: Budget | None

    def reply(self) -> Reply:
        """Compute. Raises `NesyError`: see `nesy.models` and its kin."""
        try:
            found = self._reply()
        except SemanticsError as error:
            if error.code != "inconsistent-evidence":
                raise
            found = self._unsatisfiable()
        return Reply({"task": self.options.task.value, **found.fields}, found.lines)

    def _reply(self) -> Reply:
        said = str(self.options.argument)
        match self.options.task:
            case TaskName.MODELS:
                return self._worlds(int(self.options.argument))
            case TaskName.ENTAILS:
                return self._entails(said)
            case TaskName.EXPLAIN:
                return self._explained(said)
            case TaskName.REPAIR:
                return self._repairs(self.options.limit)
            case TaskName.MAXIMISE | TaskName.MINIMISE as best:
                sought: Fields = {best.value: said, "seconds": self.options.seconds}
                return _optimum(optimize(self.program, **sought, **self._known()))
            case TaskName.COUNT:
                return self._counted(said)

    def _known(self) -> Fields:
        return {"given": self.options.about.observations, "budget": self.budget}

    def _in_question(self) -> Fields:
        return {"among": self.options.among, "background": self.options.background}

    def _project(self) -> tuple[str, ...] | None:
        return self.options.about.project or None

    def _worlds(self, wanted: int) -> Reply:
        """So many worlds, and whether there are more; 0 for all."""
        limit = wanted + 1 if wanted else None
        found = list(models(self.program, project=self._project(), limit=limit, **self._known()))
        if not found:
            return self._unsatisfiable()
        listed = found[: wanted or None]
        complete = len(listed) == len(found)
        # Worlds that show the same atoms differ in their choices.
        chosen = _choice_lines if self._project() is None else _nothing
        fields = {"satisfiable": True, "worlds": [_world(w) for w in listed], "complete": complete}
        lines = [
            line
            for number, world in enumerate(listed, 1)
            for line in (f"world {number}:", *_world_lines(world), *chosen(world))
        ]
        return Reply(fields, lines if complete else [*lines, "and more"])

    def _unsatisfiable(self) -> Reply:
        found = explain(self.program, **self._known(), **self._in_question(), smallest=self.options.smallest)
        fields, lines = self._proof(None)
        if found is None:
            # What contradicts is all taken for granted.
            return Reply({"satisfiable": False, **fields}, ["unsatisfiable", *lines])
        fields = {"satisfiable": False, "explanation": _explanation(found), **fields}
        return Reply(fields, ["unsatisfiable", str(found), *lines])

    def _entails(self, atom: str) -> Reply:
        holds = entails(self.program, atom, **self._known())
        fields, lines = self._proof(atom) if holds else Reply({}, [])
        line = f"{atom} {'holds' if holds else 'does not hold'} in every possible world"
        return Reply({"atom": atom, "entails": holds, **fields}, [line, *lines])

    def _explained(self, atom: str) -> Reply:
        found = explain(
            self.program, atom, **self._known(), **self._in_question(), smallest=self.options.smallest
        )
        if found is None:
            line = f"{atom} holds in some possible worlds, and in others it does not"
            return Reply({"atom": atom, "explanation": None}, [line])
        return Reply({"atom": atom, "explanation": _explanation(found)}, [str(found)])

    def _repairs(self, limit: int) -> Reply:
        found = [*repair(self.program, **self._known(), **self._in_question(), limit=limit + 1)]
        listed = found[:limit]
        complete = len(listed) == len(found)
        lines = [str(r) for r in listed] or ["leaving out what is in question does not help"]
        fields = {"repairs": [[_part(p) for p in r.parts] for r in listed], "complete": complete}
        return Reply(fields, lines if complete else [*lines, "and more"])

    def _counted(self, method: str) -> Reply:
        found = count(self.program, project=self._project(), method=method, **self._known())  # type: ignore[arg-type]
        worth = {"tolerance": found.tolerance, "confidence": found.confidence}
        # All digits, as text: JSON's own numbers lose them.
        fields = {"count": found.digits, "guarantee": found.guarantee.value}
        return Reply(fields if found.tolerance is None else {**fields, **worth}, [str(found)])

    def _proof(self, atom: str | None) -> Reply:
        """Where a proof was written, if one was asked for."""
        target = self.options.proof
        proof = None if target is None else prove(self.program, atom, **self._known())
        if target is None or proof is None:
            return Reply({}, [])
        proof.write(target)
        return Reply({"proof": str(target)}, [f"proof: {target}, of the clauses in {target}.cnf"])


def _optimum(best: Optimum) -> Reply:
    line = f"{best.value}:" if best.proved else f"{best.value}, and perhaps {best.bound}:"
    fields = {"value": best.value, "bound": best.bound, "world": _world(best.world)}
    return Reply(fields, [line, *_world_lines(best.world)])


def _world(world: Interpretation) -> Fields:
    return {"atoms": dict(world), "choices": dict(world.choices)}


def _world_lines(world: Interpretation) -> list[str]:
    """The atoms that hold; where none was asked for, the choices."""
    return [f"  {world}"] if world else [f"  {name} = {value}" for name, value in world.choices.items()]


def _choice_lines(world: Interpretation) -> list[str]:
    """What is chosen, beside what is shown: of facts those that hold, of disjunctions the heads."""
    held = [name if value == "true" else value for name, value in world.choices.items() if value not in NO]
    other = [choice for choice in held if choice not in world]
    return [f"  with {' '.join(other)}"] if other and world else []


NO = ("false", "none")
"""Values of symbols that choose nothing."""


def _nothing(world: Interpretation) -> list[str]:
    return []


def _explanation(found: Explanation) -> Fields:
    parts = [_part(p) for p in found.parts]
    return {"conclusion": found.conclusion, "smallest": found.smallest, "parts": parts}


def _part(part: Part) -> Fields:
    span = part.span
    return {
        "kind": part.kind.value,
        "text": part.text,
        "file": None if span is None else span.source.name,
        "line": None if span is None else span.line,
        "column": None if span is None else span.column,
    }
