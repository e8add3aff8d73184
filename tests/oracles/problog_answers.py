"""What ProbLog itself says of a program: probabilities, or the kind of its refusal."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from tests.time_limit import LateError, limited


@dataclass(frozen=True)
class Answers:
    """The probability of each answer, by its text without layout."""

    probabilities: dict[str, float]


@dataclass(frozen=True)
class Refusal:
    """The name of the error's class, and its text."""

    kind: str
    text: str


@dataclass(frozen=True)
class Nothing:
    """ProbLog failed by its own fault or took too long: there is nothing to compare with."""

    reason: str


def atom_key(atom: str) -> str:
    """An atom's text without layout outside quotes."""
    return re.sub(r"""('[^']*'|"[^"]*")|\s+""", lambda found: found[1] or "", atom)


def problog(text: str, seconds: float = 5.0) -> Answers | Refusal | Nothing:
    """ProbLog's answer, by d-DNNF. Main thread only. Cost: about 40 ms for a small program."""
    # An optional dependency, and slow to import.
    from problog import get_evaluatable  # noqa: PLC0415
    from problog.errors import ProbLogError  # noqa: PLC0415
    from problog.program import PrologString  # noqa: PLC0415

    depth = sys.getrecursionlimit()
    try:
        with limited(seconds):
            found = get_evaluatable("ddnnf").create_from(PrologString(text)).evaluate()
        # A query with variables and no answer is reported as it stands, with probability 0.
        return Answers(
            {atom_key(str(atom)): float(p) for atom, p in found.items() if p > 0 or atom.is_ground()}
        )
    except LateError:
        return Nothing("took too long")
    except ProbLogError as error:
        return Refusal(type(error).__name__, str(error))
    except Exception as error:
        return Nothing(f"{type(error).__name__}: {error}")
    finally:
        sys.setrecursionlimit(depth)  # ProbLog raises it for the whole process
