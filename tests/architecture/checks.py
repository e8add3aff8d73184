"""The rules of the house, one function each: a list of modules in, a list of complaints out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

import networkx as nx

from tests.architecture.modules import Module, targets

ORDER = (
    "errors",
    "registry",
    "algebra",
    "language",
    "logic",
    "grounding",
    "circuit",
    "compile",
    "kernels",
    "engines",
    "nn",
    "viz",
    "cli",
)
"""Each part may import itself and the parts before it."""
SYMBOLIC = ORDER[: ORDER.index("kernels")]
LONGEST_FILE = 450
LONGEST_FUNCTION = 80
VAGUE_NAMES = ("utils", "util", "helpers", "helper", "common", "misc")

Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def import_order(modules: list[Module]) -> list[str]:
    """Imports go to earlier parts only; the top level of the package is for itself and the command line."""
    known = frozenset(m.name for m in modules)
    found = []
    for module in modules:
        found += [
            f"{module.path} imports {target}"
            for target in targets(module, known)
            if not _allowed(module, target)
        ]
    return found


def _part(name: str) -> str | None:
    """The part of the house that a module belongs to; None for the top level, such as `nesy` itself."""
    second = [*name.split("."), ""][1]
    return second if second in ORDER else None


def _allowed(module: Module, target: str) -> bool:
    if target == "nesy.version":
        return True
    importer, imported = _part(module.name), _part(target)
    if importer is None:
        return imported != "cli"
    if imported is None:
        return importer == "cli"
    return ORDER.index(imported) <= ORDER.index(importer)


def torch_free(modules: list[Module]) -> list[str]:
    """torch stays in `kernels/torch*.py`, `kernels/triton*.py`, the engines and `nn/`."""
    return [
        f"{module.path} imports {origin}"
        for module in modules
        if not _may_use_torch(module)
        for origin, _ in module.imports()
        if origin.split(".")[0] in ("torch", "triton")
    ]


def _may_use_torch(module: Module) -> bool:
    part = _part(module.name)
    if part == "kernels":
        return PurePosixPath(module.path).name.startswith(("torch", "triton"))
    return part in ("engines", "nn")


def no_cycles(modules: list[Module]) -> list[str]:
    """No module imports itself by way of others, not even lazily."""
    known = frozenset(m.name for m in modules)
    graph: nx.DiGraph[str] = nx.DiGraph()
    for module in modules:
        graph.add_edges_from((module.name, t) for t in targets(module, known))
    rings = [sorted(c) for c in nx.strongly_connected_components(graph) if len(c) > 1]
    rings += [[node] for node in nx.nodes_with_selfloops(graph)]
    return [f"import cycle: {' - '.join(ring)}" for ring in rings]


def short(modules: list[Module]) -> list[str]:
    """Files and functions stay small enough to read."""
    found = [
        f"{module.path} has {length} lines (at most {LONGEST_FILE})"
        for module in modules
        if (length := len(module.text.splitlines())) > LONGEST_FILE
    ]
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, Function):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    place = f"{module.path}:{node.lineno}"
                    found.append(f"{place} {node.name} has {length} lines (at most {LONGEST_FUNCTION})")
    return found


def precise_excepts(modules: list[Module]) -> list[str]:
    """An `except` names the mistakes it expects."""
    return [
        f"{module.path}:{node.lineno} catches everything"
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _blanket(node.type))
    ]


def _blanket(caught: ast.expr) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(ast.unparse(n).split(".")[-1] in ("Exception", "BaseException") for n in names)


def telling_names(modules: list[Module]) -> list[str]:
    """No file or folder is named for not having a subject."""
    return [
        f"{module.path} says nothing by its name"
        for module in modules
        if set(module.name.split(".")) & set(VAGUE_NAMES)
    ]


def documented(modules: list[Module]) -> list[str]:
    """Every public module, class, function and method has a docstring."""
    found = []
    for module in modules:
        if not ast.get_docstring(module.tree):
            found.append(f"{module.path} has no docstring")
        found += [f"{module.path}:{node.lineno} {node.name} has no docstring" for node in _bare(module.tree)]
    return found


Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _bare(parent: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    """The public definitions right below a module or a public class, and so on, without a docstring."""
    for node in parent.body:
        if not isinstance(node, (ast.ClassDef, *Function)) or node.name.startswith("_") or _inherits(node):
            continue
        if not ast.get_docstring(node):
            yield node
        if isinstance(node, ast.ClassDef):
            yield from _bare(node)


def _inherits(node: Definition) -> bool:
    """Overloads and setters speak through the definition beside them; overrides through their base."""
    names = {ast.unparse(d).split(".")[-1] for d in node.decorator_list}
    return bool(names & {"overload", "override", "setter"})
