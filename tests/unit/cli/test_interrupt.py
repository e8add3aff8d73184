"""Ctrl-C ends the command at once, whatever it is doing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import nesy
from nesy.compile import compiler
from nesy.compile.relations import compile_values
from nesy.grounding import ground

COMMAND = """
import importlib, os, signal, sys, threading, time
from nesy.cli.main import main

# Whoever starts the tests may have it ignored, as shells do for what runs in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
place, name, delay = sys.argv[1:4]
del sys.argv[1:4]
owner = importlib.import_module(place)
original = getattr(owner, name)

def interrupt():
    with open("interrupted", "w") as file:
        file.write(repr(time.time()))
    os.kill(os.getpid(), signal.SIGINT)

def interrupted(*arguments, **options):
    setattr(owner, name, original)
    if float(delay):
        threading.Timer(float(delay), interrupt).start()
    else:
        interrupt()
    return original(*arguments, **options)

setattr(owner, name, interrupted)
main()
"""
BIG = "".join(f"0.5::e({i}, b{i}) :- f({i}, X), g(X, [{i}, c]).\n" for i in range(50_000))
ENDLESS = "p(X) :- p(s(X)).\nquery(p(a)).\n"
COUNTING = "".join(f"e({i}, 1).\n" for i in range(1_100)) + "n(0). n(Y) :- n(X), Y is X + 1. query(n(3)).\n"
BARREN = "".join(f"e({i}, 1).\n" for i in range(30_000)) + (
    "p(X, Y) :- e(X, Z), e(Y, Z), X > Y + 1000000.\nquery(p(_, _)).\n"
)


def paths(nodes: int) -> str:
    """Is there a path from the first node to the last? Nothing but a search finds the probability."""
    pairs = [(a, b) for a in range(nodes) for b in range(nodes) if a != b and (a * b + a) % 3 == 0]
    rules = f"p(X, Y) :- e(X, Y).\np(X, Y) :- e(X, Z), p(Z, Y).\nquery(p(0, {nodes - 1})).\n"
    return "".join(f"0.5::e({a}, {b}).\n" for a, b in pairs) + rules


HARD = paths(30)
EASY = "0.5::a.\nquery(a).\n"

MOMENTS = {
    "reading": (BIG, "nesy.cli.run.command", "load", 0.2),
    "resolution": (ENDLESS, "nesy.cli.run.command", "solve", 0.3),
    "relations that grow": (COUNTING, "nesy.grounding.relational.evaluation", "evaluate", 0.2),
    "relations that do not grow": (BARREN, "nesy.grounding.relational.evaluation", "evaluate", 0.2),
    "just before compiled code": (COUNTING, "nesy.grounding.relational.evaluation", "evaluate", 0.0),
    "compilation": (HARD, "nesy.compile.backends.native", "compile_values", 0.2),
    "making compiled code": (HARD, "nesy.compile.backends.native", "compile_values", 2.0),
    "evaluation": (EASY, "nesy.engines.exact", "evaluate", 0.0),
}
NOTHING_MADE = {"NUMBA_CACHE_DIR": "cache"}


@pytest.fixture(scope="module")
def _compiled_code() -> None:
    """The compiler's compiled code is on the disk: what is interrupted is the search, not its making."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiler, "SMALL", -1)
        patch.setattr(compiler, "TINY", -1)
        compile_values(ground(nesy.parse(paths(6))))


@pytest.mark.usefixtures("_compiled_code")
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_interrupt_ends_the_command(moment: str, tmp_path: Path) -> None:
    rules, place, name, delay = MOMENTS[moment]
    (tmp_path / "rules.nesy").write_text(rules)
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, place, name, str(delay), "run", "rules.nesy"],
        cwd=tmp_path,
        env={**os.environ, **(NOTHING_MADE if moment == "making compiled code" else {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    ended = time.time()
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
    # Compiled code comes back several times a second, and what it holds has to be freed besides; while it is
    # made, single calls of LLVM take seconds.
    assert ended - float((tmp_path / "interrupted").read_text()) < 20.0
