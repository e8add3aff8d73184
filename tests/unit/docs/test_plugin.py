"""The example plug-in: built and installed, found by its names, and held to what they promise."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import strategies as st

import nesy
from nesy.circuit.properties import is_smooth
from nesy.grounding import ground
from tests.conformance.cases import CASES
from tests.conformance.problems import Problem, problem
from tests.conformance.suite import EngineConformance
from tests.unit.algebra.conformance import AlgebraLaws
from tests.unit.cli.rule_files import BURGLARY
from tests.unit.pages import ROOT, page

PLUGIN = ROOT / "docs" / "examples" / "plugin"
sys.path.append(str(PLUGIN))

from nesy_example.algebra import PARITY  # noqa: E402 - not installed where the tests run
from nesy_example.compiler import Smoothed  # noqa: E402
from nesy_example.engine import Enumeration  # noqa: E402

TRAINING = """
import nesy, torch
program = nesy.parse('''
nn(net, [X], D, 0..2) :: digit(X, D).
addition(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.
''')
torch.manual_seed(0)
net = torch.nn.Linear(2, 3)
images = {"a": torch.randn(4, 2), "b": torch.randn(4, 2)}
found = []
for engine in ("exact", "enumeration"):
    model = nesy.Model(
        program, {"net": nesy.logits(net)}, query="addition(a, b, S)", output="S", engine=engine
    )
    loss = model.loss(torch.tensor([0, 1, 2, 4]), **images)
    found += [loss, *torch.autograd.grad(loss, net.parameters())]
half = len(found) // 2
assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(found[:half], found[half:]))
print("the same")
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which pip has installed the package, from a copy of its source and without a network."""
    source = shutil.copytree(PLUGIN, tmp_path_factory.mktemp("source") / "plugin")
    target = tmp_path_factory.mktemp("site-packages")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-index"]
    command = [*pip, "--no-deps", "--no-build-isolation", "--target", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


def process(installed: Path, folder: Path, *arguments: str) -> str:
    """What a Python that knows the package prints."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_its_names_work_on_the_command_line(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "burglary.nesy").write_text(BURGLARY)

    def command(*arguments: str) -> str:
        return process(installed, tmp_path, "-c", "from nesy.cli.main import main; main()", *arguments)

    # Of the four worlds alarm holds in three, and burglary in two.
    assert command("run", "burglary.nesy", "--algebra", "parity") == "alarm: true\nburglary: false\n"
    shown = command("compile", "burglary.nesy", "--compiler", "smoothed", "--out", "b.nesyc")
    assert shown.startswith("b.nesyc: ")


def test_its_names_work_in_python(installed: Path, tmp_path: Path) -> None:
    code, printed = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", page("extending"), re.S).groups()
    assert process(installed, tmp_path, "-c", code + TRAINING) == printed + "the same\n"


def test_the_page_shows_its_entry_points() -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", page("extending"), re.DOTALL)
    assert shown in (PLUGIN / "pyproject.toml").read_text(encoding="utf-8")


def test_its_compiler_makes_smooth_circuits() -> None:
    program = ground(nesy.parse("0.3::a. 0.4::b. 0.5::c. d :- a. d :- b, c. query(d). query(a)."))
    assert not is_smooth(nesy.compile.relations.compile_values(program))
    assert is_smooth(Smoothed().compile_values(program))
    assert is_smooth(Smoothed().compile_joint(program, unobserved=True))


class TestEnumeration(EngineConformance):
    engine = Enumeration()

    @pytest.fixture(params=CASES[::4], ids=lambda case: case.name)
    def problem(self, request: pytest.FixtureRequest) -> Problem:
        """A quarter of the corpus: what is tested is that a package can inherit it."""
        return problem(request.param)


class TestParity(AlgebraLaws):
    algebra = PARITY
    values = st.booleans()
