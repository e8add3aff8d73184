"""What a configuration names in Python: `module:name`, called with its options."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from nesy.errors import ConfigError, Span
from nesy.nn.training.configuration.config import Imported, Options

FAILURES = (
    OSError,
    LookupError,
    RuntimeError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    NameError,
    TypeError,
    ValueError,
)
"""How code that somebody else has written may fail, in ways that a message can tell."""


def made(wanted: Imported, folder: Path, span: Span | None) -> Any:
    """What the named class or function gives, called with its options.

    The configuration's folder comes first among the places that modules are imported from, and stays there:
    what is called may import more of it later.
    Raises `ConfigError`: malformed-import, module-not-found, module-name-taken, module-failed,
    name-not-found, invalid-options, call-failed.
    """
    module_name, colon, name = wanted.path.partition(":")
    if not colon or not name or not module_name:
        raise ConfigError(
            "malformed-import",
            f"`{wanted.path}` names nothing to import",
            span=span,
            hint='write module:name, for example "networks:Net" for class Net of networks.py',
        )
    module = _module(module_name, folder, span)
    found: object = module
    for part in name.split("."):
        found = getattr(found, part, None)
    if not callable(found):
        raise _not_found(module, wanted.path, name, found, span)
    return called(found, wanted.options, wanted.path, span)


def called(function: Any, options: Options, name: str, span: Span | None) -> Any:
    """What a function gives for options.

    Raises `ConfigError`: invalid-options if it does not take them, call-failed if it fails in another way.
    """
    try:
        return function(**options)
    except (TypeError, ValueError) as reason:
        given = ", ".join(f"{key} = {value!r}" for key, value in options.items()) or "none"
        raise ConfigError(
            "invalid-options",
            f"{name} cannot be made: {reason}{innermost_place(reason)}",
            span=span,
            hint=f"the options given are {given}",
        ) from reason
    except FAILURES as reason:
        raise ConfigError(
            "call-failed",
            f"{name} failed: {type(reason).__name__}: {reason}{innermost_place(reason)}",
            span=span,
            hint="the mistake is in its own code, or in what that needs",
        ) from reason


def innermost_place(reason: BaseException) -> str:
    """Where an exception came from, as ` (file:line)`, unless from the call itself: then nothing."""
    frames = traceback.extract_tb(reason.__traceback__)
    return f" ({frames[-1].filename}:{frames[-1].lineno})" if len(frames) > 1 else ""


def _module(name: str, folder: Path, span: Span | None) -> ModuleType:
    place = str(folder.resolve())
    if sys.path[:1] != [place]:
        sys.path.insert(0, place)
    _check_free(name, Path(place), span)
    try:
        if name not in sys.modules and find_spec(name) is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return import_module(name)
    except ModuleNotFoundError as reason:
        if reason.name is not None and (name == reason.name or name.startswith(f"{reason.name}.")):
            raise _no_module(name, Path(place), span) from None
        raise _failed(name, reason, span) from reason
    except (ImportError, SyntaxError, *FAILURES) as reason:
        raise _failed(name, reason, span) from reason


def _check_free(name: str, folder: Path, span: Span | None) -> None:
    """A module of the folder is the one that is meant, and not another of its name that is loaded already."""
    top = name.partition(".")[0]
    loaded = sys.modules.get(top)
    own = [folder / f"{top}.py", folder / top / "__init__.py"]
    place = getattr(loaded, "__file__", None)
    if loaded is None or not any(p.is_file() for p in own) or (place and Path(place).resolve() in own):
        return
    raise ConfigError(
        "module-name-taken",
        f"the module {top} of `{folder}` cannot be imported: `{place or 'Python itself'}` has its name",
        span=span,
        hint=f"rename {top}.py",
    )


def _no_module(name: str, folder: Path, span: Span | None) -> ConfigError:
    files = sorted(p.stem for p in folder.glob("*.py"))
    return ConfigError(
        "module-not-found",
        f"there is no module {name}",
        span=span,
        hint=f"modules in `{folder}`: {', '.join(files[:8]) or 'none'}; others must be installed",
    )


def _failed(name: str, reason: Exception, span: Span | None) -> ConfigError:
    return ConfigError(
        "module-failed",
        f"the module {name} cannot be imported: {type(reason).__name__}: {reason}",
        span=span,
        hint=f"python -c 'import {name}' in its folder shows where",
    )


def _not_found(module: ModuleType, path: str, name: str, found: object, span: Span | None) -> ConfigError:
    what = f"there is no {name} in" if found is None else f"{name} cannot be called; it is in"
    there = [n for n, value in vars(module).items() if callable(value) and not n.startswith("_")]
    return ConfigError(
        "name-not-found",
        f"`{path}` names nothing to call: {what} {module.__file__ or module.__name__}",
        span=span,
        hint=f"it holds {', '.join(there[:8]) or 'nothing that can be called'}",
    )
