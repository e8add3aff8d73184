"""The code of the package keeps the rules of the house, and each rule can be broken."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.architecture.checks import (
    LONGEST_FILE,
    LONGEST_FUNCTION,
    ORDER,
    documented,
    import_order,
    no_cycles,
    precise_excepts,
    short,
    telling_names,
    torch_free,
)
from tests.architecture.modules import ROOT, Module, package_modules

Check = Callable[[list[Module]], list[str]]
CHECKS: list[Check] = [
    import_order,
    torch_free,
    no_cycles,
    short,
    precise_excepts,
    telling_names,
    documented,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.__name__)
def test_package_keeps_the_rule(check: Check) -> None:
    complaints = check(package_modules())
    assert not complaints, "\n" + "\n".join(complaints)


def test_the_order_names_every_part_of_the_package() -> None:
    packages = {p.parent.name for p in (ROOT / "nesy").glob("*/__init__.py")}
    assert packages <= set(ORDER)
    assert len(package_modules()) > len(packages)


BROKEN: list[tuple[Check, str, str, str]] = [
    (import_order, "nesy/circuit/x.py", "import nesy.compile", "nesy/circuit/x.py imports nesy.compile"),
    (
        import_order,
        "nesy/logic/x.py",
        "def f():\n    from nesy.engines.exact import Exact",
        "nesy/logic/x.py imports nesy.engines.exact",
    ),
    (import_order, "nesy/logic/x.py", "from ..nn import model", "nesy/logic/x.py imports nesy.nn"),
    (import_order, "nesy/logic/x.py", "from nesy import solve", "nesy/logic/x.py imports nesy"),
    (
        import_order,
        "nesy/logic/x.py",
        "from importlib import import_module\nimport_module('nesy.cli.main')",
        "nesy/logic/x.py imports nesy.cli.main",
    ),
    (import_order, "nesy/solving.py", "import nesy.cli.main", "nesy/solving.py imports nesy.cli.main"),
    (torch_free, "nesy/compile/x.py", "def f():\n    import torch.nn", "nesy/compile/x.py imports torch.nn"),
    (torch_free, "nesy/kernels/x.py", "from torch import Tensor", "nesy/kernels/x.py imports torch"),
    (torch_free, "nesy/__init__.py", "import torch", "nesy/__init__.py imports torch"),
    (no_cycles, "nesy/logic/x.py", "import nesy.logic.x", "import cycle: nesy.logic.x"),
    (precise_excepts, "nesy/x.py", "try:\n    f()\nexcept:\n    pass", "nesy/x.py:3 catches everything"),
    (
        precise_excepts,
        "nesy/x.py",
        "try:\n    f()\nexcept (ValueError, Exception):\n    pass",
        "nesy/x.py:3 catches everything",
    ),
    (telling_names, "nesy/utils.py", "", "nesy/utils.py says nothing by its name"),
    (telling_names, "nesy/common/x.py", "", "nesy/common/x.py says nothing by its name"),
    (documented, "nesy/x.py", "a = 1", "nesy/x.py has no docstring"),
    (documented, "nesy/x.py", '"""X."""\ndef f(): ...', "nesy/x.py:2 f has no docstring"),
    (
        documented,
        "nesy/x.py",
        '"""X."""\nclass C:\n    """C."""\n    def m(self): ...',
        "nesy/x.py:4 m has no docstring",
    ),
    (
        short,
        "nesy/x.py",
        "\n" * (LONGEST_FILE + 1),
        f"nesy/x.py has {LONGEST_FILE + 1} lines (at most {LONGEST_FILE})",
    ),
    (
        short,
        "nesy/x.py",
        "def f():\n" + "    a = 1\n" * LONGEST_FUNCTION,
        f"nesy/x.py:1 f has {LONGEST_FUNCTION + 1} lines (at most {LONGEST_FUNCTION})",
    ),
]


@pytest.mark.parametrize(("check", "path", "text", "complaint"), BROKEN)
def test_broken_rule_is_noticed(check: Check, path: str, text: str, complaint: str) -> None:
    assert check([Module(path, text)]) == [complaint]


def test_a_cycle_of_two_modules_is_noticed() -> None:
    one = Module("nesy/logic/one.py", "from nesy.logic import two")
    two = Module("nesy/logic/two.py", "def f():\n    from .one import g")
    assert no_cycles([one, two]) == ["import cycle: nesy.logic.one - nesy.logic.two"]


ALLOWED = [
    (
        import_order,
        "nesy/nn/x.py",
        "from nesy.engines.inference import Engine\nfrom nesy.errors import NesyError",
    ),
    (import_order, "nesy/cli/x.py", "import nesy\nfrom nesy.nn import Model"),
    (import_order, "nesy/compile/x.py", "from . import y\nfrom .y import z\nimport numpy"),
    (torch_free, "nesy/kernels/torch_log.py", "import torch"),
    (torch_free, "nesy/engines/sampling.py", "import torch"),
    (precise_excepts, "nesy/x.py", "try:\n    f()\nexcept (OSError, ValueError):\n    pass"),
    (documented, "nesy/x.py", '"""X."""\ndef _f(): ...\nclass _C:\n    def m(self): ...'),
]


@pytest.mark.parametrize(("check", "path", "text"), ALLOWED)
def test_kept_rule_passes(check: Check, path: str, text: str) -> None:
    assert check([Module(path, text)]) == []
