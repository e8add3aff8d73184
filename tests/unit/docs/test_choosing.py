"""The page about choosing: its example, and its figures, which are those of the benchmarks."""

from __future__ import annotations

import re

from tests.unit.pages import ROOT, page, printing

PAGE = page("choosing")


def test_the_example_prints_what_stands_below_it() -> None:
    found = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, flags=re.DOTALL)
    assert len(found) == 1
    printing(found)


def test_figures_of_engines_stand_where_they_were_measured() -> None:
    readme = (ROOT / "benchmarks" / "engines" / "README.md").read_text(encoding="utf-8")
    engine = r"\| `(exact|sat|sampling|topk|surrogate|diffusion)`"
    rows = [line for line in PAGE.splitlines() if re.match(engine, line)]
    assert len(rows) > 2
    for row in rows:
        assert row in readme


def test_figures_of_circuits_stand_in_the_benchmarks_that_are_linked() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| [") and "/README.md)" in line]
    assert len(rows) == 8
    for row in rows:
        (name,) = re.findall(r"benchmarks/(\w+)/", row)
        readme = (ROOT / "benchmarks" / name / "README.md").read_text(encoding="utf-8")
        measured = {number.rstrip(",") for number in re.findall(r"\d[\d,]*(?:\.\d+)?", readme)}
        figures = re.findall(r"\d[\d,]*(?:\.\d+)?", " ".join(row.split("|")[2:5]))
        assert figures
        assert set(figures) <= measured, f"{name} has no {set(figures) - measured}"
