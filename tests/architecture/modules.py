"""The package as text: every file parsed, with the imports it makes anywhere, lazy ones too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """A file of the package. path: relative to the repository, such as `nesy/circuit/layers.py`."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def name(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def package(self) -> str:
        """The dotted name that a relative import of one dot starts from."""
        return self.name if self.path.endswith("__init__.py") else self.name.rpartition(".")[0]

    def imports(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each import as (module, names taken from it); no names for a plain `import module`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, ()) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield self._absolute(node), tuple(alias.name for alias in node.names)
            elif isinstance(node, ast.Call):
                yield from self._dynamic(node)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        start = self.package.split(".")
        return ".".join([*start[: len(start) - node.level + 1], *filter(None, [node.module])])

    @staticmethod
    def _dynamic(call: ast.Call) -> Iterator[tuple[str, tuple[str, ...]]]:
        """`import_module("nesy.x")` and `__import__("nesy.x")`, where the name is written out."""
        callee = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", None)
        if callee in ("import_module", "__import__") and call.args:
            name = call.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value, ()


def package_modules(root: Path = ROOT) -> list[Module]:
    """Every Python file below `nesy/`."""
    return [
        Module(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted((root / "nesy").rglob("*.py"))
    ]


def targets(module: Module, known: frozenset[str]) -> Iterator[str]:
    """The modules of the package that a module imports: a submodule where an imported name is one."""
    for origin, names in module.imports():
        if origin != "nesy" and not origin.startswith("nesy."):
            continue
        if not names:
            yield origin
        for name in names:
            yield f"{origin}.{name}" if f"{origin}.{name}" in known else origin
