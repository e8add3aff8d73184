"""The IDX format of the MNIST files: a magic number, the shape, then unsigned bytes, gzipped."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nesy.errors import DataError

UNSIGNED_BYTE = 0x08
"""The only element type the MNIST files use; the third byte of the magic number."""


def read_idx(path: Path, *, axes: int) -> NDArray[np.uint8]:
    """The array in a gzipped IDX file of unsigned bytes.

    axes: the number of axes the file must have (3 for images, 1 for labels).
    Returns an array of that many axes, read-only. Raises `DataError`: missing-data, truncated-data
    (the file ends early, or its gzip stream does), corrupt-data (not gzip, a wrong magic number,
    bytes left over).
    """
    return parse_idx(_unzip(path), axes=axes, name=str(path))


def parse_idx(content: bytes, *, axes: int, name: str) -> NDArray[np.uint8]:
    """The array in the bytes of an IDX file, already unzipped; `name` is how errors call it."""
    header = 4 + 4 * axes
    if len(content) < header:
        raise _truncated(name, f"{len(content)} bytes, shorter than its header of {header}")
    expected_magic = bytes([0, 0, UNSIGNED_BYTE, axes])
    if content[:4] != expected_magic:
        message = f"{name} starts with 0x{content[:4].hex()}, where 0x{expected_magic.hex()} is expected"
        raise DataError(
            "corrupt-data",
            message,
            hint=f"it should be an IDX file of unsigned bytes with {axes} axes; {_REPLACE}",
        )
    shape = tuple(int(n) for n in np.frombuffer(content, dtype=">u4", count=axes, offset=4))
    body, needed = len(content) - header, math.prod(shape)
    if body < needed:
        raise _truncated(name, f"{body} bytes of data where its header promises {needed}")
    if body > needed:
        message = f"{name} holds {body - needed} bytes more than its header says"
        raise DataError("corrupt-data", message, hint=_REPLACE)
    return np.frombuffer(content, dtype=np.uint8, offset=header).reshape(shape)


def _unzip(path: Path) -> bytes:
    try:
        with gzip.open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        raise DataError("missing-data", f"{path} does not exist", hint="check the path") from None
    except EOFError:
        raise _truncated(str(path), "its gzip stream ends early") from None
    except (OSError, zlib.error) as reason:
        raise DataError("corrupt-data", f"{path} cannot be unzipped: {reason}", hint=_REPLACE) from None


_REPLACE = "replace the file by a fresh copy, or delete it and let the benchmark download it"


def _truncated(name: str, how: str) -> DataError:
    return DataError("truncated-data", f"{name} is truncated: {how}", hint=_REPLACE)
