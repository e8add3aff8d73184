"""Reading files of text, and what is said when that fails."""

from __future__ import annotations

import os
from pathlib import Path

from nesy.errors import LanguageError


def read_text(path: str | os.PathLike[str]) -> str:
    """The text of a file (UTF-8). Raises `LanguageError` for a file that is missing or no text."""
    name = os.fspath(path)
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise LanguageError("file-not-found", f"there is no file `{name}`", hint=_neighbours(name)) from None
    except IsADirectoryError:
        raise LanguageError("not-a-file", f"`{name}` is a directory", hint="name one file in it") from None
    except UnicodeDecodeError as error:
        raise LanguageError(
            "not-text",
            f"`{name}` is not UTF-8 text: byte {error.start} cannot be read",
            hint="save the file as UTF-8",
        ) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LanguageError("file-not-readable", f"`{name}` cannot be read: {reason.lower()}") from None
    except ValueError:
        raise LanguageError("file-not-found", "a file's name holds no null character") from None


def _neighbours(name: str) -> str | None:
    folder, suffix = Path(name).parent, Path(name).suffix or ".nesy"
    try:
        files = sorted(p.name for p in folder.glob(f"*{suffix}"))
    except OSError:
        return None
    if not files:
        return None if folder.is_dir() else f"there is no directory `{folder}` either"
    return f"{suffix} files in `{folder}`: {', '.join(files[:5])}"
