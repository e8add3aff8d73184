"""Which atoms make an output have a value."""

from __future__ import annotations

from nesy.engines.explaining.derivations import Atom
from nesy.grounding.recorded import Recorded
from nesy.grounding.syntax_terms import atom_text, value
from nesy.grounding.template import Template
from nesy.logic.program import Output, Value


def atoms_of(recorded: Recorded, template: Template | None) -> dict[tuple[str, Value], list[Atom]]:
    """By an output's name and a value, the atoms of which one must hold for it.

    An output over false and true has atoms for `true` only: it is false where none of them holds.
    Cost: O(answers to what was asked).
    """
    found: dict[tuple[str, Value], list[Atom]] = {}
    store = recorded.store
    for table in recorded.asked:
        name = table.predicate.name
        for args in table.answers:
            atom = table.predicate, args
            if template is None or not template.outputs:
                found.setdefault((atom_text(store, name, args), "true"), []).append(atom)
                continue
            rest = tuple(t for i, t in enumerate(args) if i not in template.positions)
            for position in template.positions:
                number = f"#{position + 1}" if len(template.outputs) > 1 else ""
                key = atom_text(store, name, rest) + number, value(store, args[position])
                found.setdefault(key, []).append(atom)
    return found


def is_denial(output: Output, number: int) -> bool:
    """Whether a value of an output says that its atom does not hold. Cost: O(1)."""
    return output.domain[number] == "false" and len(output.domain) == 2 and output.domain[1] == "true"
