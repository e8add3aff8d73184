"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from nesy.errors import DataError


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """A file to write in. It takes its name, in one step, when the block ends without an error.

    Whoever reads meanwhile, or after a crash, finds what was there before. Raises `DataError`
    (file-not-writable) if the place cannot be written.
    """
    target = Path(path)
    try:
        with (
            NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file,
            _tidy(file),
        ):
            yield file
            file.flush()
            # Else a computer that loses power may keep the name and not the content.
            os.fsync(file.fileno())
            os.chmod(file.name, 0o666 & ~_umask())
            os.replace(file.name, target)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise DataError("file-not-writable", f"`{target}` cannot be written: {reason}") from None


@contextmanager
def _tidy(file: IO[bytes]) -> Iterator[None]:
    """Removes an unfinished file; one that has taken its name is no longer there."""
    try:
        yield
    finally:
        with suppress(OSError):
            os.unlink(file.name)


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """A file of UTF-8 text, whole or not at all. Raises `DataError` (file-not-writable)."""
    with whole_file(path) as file:
        file.write(text.encode("utf-8"))


def _umask() -> int:
    """What new files of this process do not allow. It can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
