"""Python files that rules use: run on the caller's word alone, for the predicates they define."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from nesy.errors import LanguageError, NesyError, Span
from nesy.language.files import read_text
from nesy.language.foreign import Foreign, foreign
from nesy.language.foreign_errors import Reporting

_EXTERN = "problog.extern"


def python_predicates(path: Path, span: Span | None) -> tuple[Foreign, ...]:
    """Run a Python file, and give the predicates that it defines by `nesy.foreign`.

    Files written for ProbLog, which import its decorators from `problog.extern`, run as they are, whether
    ProbLog is installed or not: what they import are decorators of the same names that make predicates here.
    Raises `LanguageError` (python-file) with what the file raises.
    """
    exported: list[Foreign] = []
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    text = read_text(path)
    importing = _importing(SimpleNamespace(**_decorators(exported)))
    module.__dict__["__builtins__"] = {**vars(builtins), "__import__": importing}
    with Reporting(lambda problem: _failed(path, problem, span)):
        exec(compile(text, str(path), "exec"), module.__dict__)
    own = [v for v in vars(module).values() if isinstance(v, Foreign) and v.function.__module__ == path.stem]
    return tuple(dict.fromkeys((*exported, *own)))


def _failed(path: Path, problem: str, span: Span | None) -> NesyError:
    hint = "run the file by itself with python to see where"
    return LanguageError("python-file", f"`{path}` fails: {problem}", span=span, hint=hint)


def _importing(extern: SimpleNamespace) -> Callable[..., Any]:
    """An `__import__` for one file that knows what to give for `problog.extern`."""

    def importing(
        name: str, scope: Any = None, local: Any = None, wanted: tuple[str, ...] | None = (), level: int = 0
    ) -> Any:
        if name == _EXTERN and level == 0:
            missing = [n for n in wanted or () if not hasattr(extern, n) and n != "*"]
            if missing:
                raise ImportError(f"{missing[0]} of {_EXTERN} has no counterpart here")
            return extern if wanted else SimpleNamespace(extern=extern)
        return builtins.__import__(name, scope, local, wanted, level)

    return importing


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _decorators(exported: list[Foreign]) -> dict[str, Callable[..., Decorator]]:
    """The decorators of `problog.extern`: they give back the function as it is, and export it."""

    def exporting(several: bool, renamed: dict[str, str]) -> Callable[..., Decorator]:
        def make(*modes: str, functor: str | None = None) -> Decorator:
            own_modes = [renamed.get(mode[:1], mode[:1]) + mode[1:] for mode in modes]

            def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
                exported.append(foreign(*own_modes, name=functor, several=several)(function))
                return function

            return decorate

        return make

    return {
        "problog_export": exporting(False, {}),
        "problog_export_nondet": exporting(True, {}),
        "problog_export_raw": exporting(True, {"+": "?"}),
    }
