"""pyparsing's packrat mode is global to a process, and other libraries (matplotlib) turn it on."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = r"""
import pyparsing
pyparsing.ParserElement.enable_packrat()
import nesy
print(nesy.solve(nesy.parse("0.3::a. b :- a. query(b)."))["b"].probability)
print([(d.code, d.span.line) for d in nesy.check("a :- b(.\n0.3::c.\nd :- e e.\nf.")])
"""


def test_parsing_is_the_same_with_packrat_on() -> None:
    with_packrat = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    ).stdout
    without = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("pyparsing.ParserElement.enable_packrat()", "")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert with_packrat == without
    assert with_packrat.startswith("0.3\n")
