"""Every public function whose work grows with what it is given says what it costs."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from types import FunctionType, ModuleType

PACKAGES = (
    "nesy",
    "nesy.algebra",
    "nesy.circuit.formats",
    "nesy.circuit.passes",
    "nesy.compile",
    "nesy.engines",
    "nesy.engines.tasks",
    "nesy.grounding.written",
    "nesy.kernels",
    "nesy.viz",
)
"""Public is what these export, and the methods of the classes among it."""

MODULES = (
    "nesy.circuit.builder",
    "nesy.circuit.circuit",
    "nesy.circuit.layers",
    "nesy.circuit.properties",
    "nesy.compile.relations",
    "nesy.kernels.layered",
    "nesy.kernels.reference",
    "nesy.kernels.worlds.evaluator",
    "nesy.logic.dimacs",
    "nesy.logic.weighted_cnf",
)
"""Public is also what these define, where a package's own list of exports leaves them out."""

REGISTERS = {"register", "get", "names", "lookup"}
"""A registry's own operations: one step of a dictionary each."""

WORKING = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Call)
"""A body without any of these does the same whatever it is given."""


def exported(name: str) -> Iterator[tuple[str, object]]:
    module = importlib.import_module(name)
    for public in getattr(module, "__all__", ()):
        yield f"{name}.{public}", getattr(module, public)


def defined(name: str) -> Iterator[tuple[str, object]]:
    module = importlib.import_module(name)
    for public, value in vars(module).items():
        if not public.startswith("_") and getattr(value, "__module__", None) == name:
            yield f"{name}.{public}", value


def functions() -> dict[str, tuple[FunctionType, str]]:
    """Public functions and methods, each once, and what is said of it: a method's class may speak for it."""
    found: dict[str, tuple[FunctionType, str]] = {}
    sources = [*map(exported, PACKAGES), *map(defined, MODULES)]
    for name, value in (pair for source in sources for pair in source):
        if inspect.isfunction(value):
            found[f"{value.__module__}.{value.__qualname__}"] = value, inspect.getdoc(value) or ""
        elif inspect.isclass(value) and value.__module__.startswith("nesy."):
            for method in vars(value).values():
                function = getattr(method, "__func__", method)
                if inspect.isfunction(function) and not function.__name__.startswith("_"):
                    said = f"{function.__doc__} {value.__doc__}"
                    found[f"{function.__module__}.{function.__qualname__}"] = function, said
        else:
            assert not isinstance(value, ModuleType), name
    return found


def body_of(function: FunctionType) -> list[ast.stmt]:
    """The statements of a function but for its docstring."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(tree, ast.FunctionDef)
    return [s for s in tree.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]


def is_accessor(function: FunctionType) -> bool:
    """Whether what a function does cannot grow: a registry's operation, a declaration, or no work at all."""
    body = body_of(function)
    works = any(isinstance(part, WORKING) for statement in body for part in ast.walk(statement))
    return function.__name__ in REGISTERS or not body or not works


def test_every_public_function_says_its_cost():
    silent = [
        name
        for name, (function, said) in functions().items()
        if "cost" not in said.lower() and not is_accessor(function)
    ]
    assert silent == []


def test_enough_is_looked_at():
    found = functions()
    judged = [name for name, (function, _) in found.items() if not is_accessor(function)]
    assert len(judged) > 60
    for name in (
        "nesy.engines.solve.solve",
        "nesy.kernels.dispatch.evaluate",
        "nesy.circuit.passes.smooth.Smooth.run",
        "nesy.compile.relations.compile_values",
        "nesy.circuit.layers.lower",
    ):
        assert name in judged


def _reads(given: list[int]) -> int:
    return given[0]


def _walks(given: list[int]) -> list[int]:
    return [x + 1 for x in given]


def _calls(given: list[int]) -> list[int]:
    return sorted(given)


def test_what_counts_as_work():
    assert is_accessor(_reads)
    assert not is_accessor(_walks)
    assert not is_accessor(_calls)
