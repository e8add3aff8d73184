"""`nesy lsp`: the language server, for editors."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from nesy.cli.permissions import ALLOW_FILE, ALLOW_PYTHON, Permissions
from nesy.cli.reporting import fail
from nesy.errors import ConfigError, NesyError


def command(
    allow_file: Annotated[list[Path] | None, ALLOW_FILE] = None,
    allow_python: Annotated[bool, ALLOW_PYTHON] = False,
    stdio: Annotated[
        bool, typer.Option("--stdio", help="Speak over standard input and output; it always does.")
    ] = True,
) -> None:
    """Serve an editor: diagnostics, hover, definitions, completion, outline, layout of rule files.

    Editors start it themselves; see docs/editor.md. Example: nesy lsp
    """
    try:
        require_package("pygls", "the language server", "editor")
    except NesyError as error:
        fail(error, machine=False)
    from nesy.cli.language_server.server import NesyServer  # noqa: PLC0415 - an optional package

    NesyServer(Permissions(tuple(allow_file or ()), allow_python)).start_io()


def require_package(module: str, purpose: str, extra: str) -> None:
    """Raises `ConfigError` (missing-package) where a package is not installed."""
    try:
        import_module(module)
    except ModuleNotFoundError:
        raise ConfigError(
            "missing-package",
            f"{purpose} needs {module}, which is not installed",
            hint=f"pip install 'nesy[{extra}]'",
        ) from None
