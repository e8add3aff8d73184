"""IDX files for tests, written byte by byte."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def idx_bytes(array: NDArray[np.uint8], *, magic: int | None = None) -> bytes:
    """The file's content before compression; a wrong `magic` number can be asked for."""
    number = 0x0800 + array.ndim if magic is None else magic
    return struct.pack(f">{1 + array.ndim}I", number, *array.shape) + array.tobytes()


def write_idx(path: Path, array: NDArray[np.uint8]) -> bytes:
    """Write the gzipped file; returns what was written."""
    content = gzip.compress(idx_bytes(array), mtime=0)
    path.write_bytes(content)
    return content


def write_mnist(folder: Path, train: int = 12, test: int = 8) -> dict[str, bytes]:
    """Four files with the names of MNIST's, a few images of 28x28 each; returns their contents."""
    rng = np.random.default_rng(0)
    written = {}
    for part, count in (("train", train), ("t10k", test)):
        images = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        labels = rng.integers(0, 10, count, dtype=np.uint8)
        for name, array in (
            (f"{part}-images-idx3-ubyte.gz", images),
            (f"{part}-labels-idx1-ubyte.gz", labels),
        ):
            written[name] = write_idx(folder / name, array)
    return written
