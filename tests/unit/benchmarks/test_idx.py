from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from benchmarks.datasets.idx import read_idx
from nesy.errors import DataError
from tests.unit.benchmarks.idx_files import idx_bytes, write_idx

IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


def failure(path: Path, axes: int = 3) -> DataError:
    with pytest.raises(DataError) as caught:
        read_idx(path, axes=axes)
    assert str(path) in caught.value.message
    assert caught.value.hint
    return caught.value


def test_reads_what_was_written(tmp_path: Path) -> None:
    write_idx(tmp_path / "images.gz", IMAGES)
    assert np.array_equal(read_idx(tmp_path / "images.gz", axes=3), IMAGES)


def test_missing(tmp_path: Path) -> None:
    assert failure(tmp_path / "absent.gz").code == "missing-data"


@pytest.mark.parametrize("kept", [0, 3, 10, 16, 39])
def test_data_that_ends_early(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "short.gz"
    path.write_bytes(gzip.compress(idx_bytes(IMAGES)[:kept]))
    assert failure(path).code == "truncated-data"


@pytest.mark.parametrize("kept", [5, 20, 30])
def test_gzip_stream_that_ends_early(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "short.gz"
    content = write_idx(path, IMAGES)
    path.write_bytes(content[:kept])
    assert failure(path).code == "truncated-data"


def test_data_left_over(tmp_path: Path) -> None:
    path = tmp_path / "long.gz"
    path.write_bytes(gzip.compress(idx_bytes(IMAGES) + b"\0"))
    assert failure(path).code == "corrupt-data"


def test_wrong_magic_number(tmp_path: Path) -> None:
    path = tmp_path / "magic.gz"
    path.write_bytes(gzip.compress(idx_bytes(IMAGES, magic=0x0D03)))
    error = failure(path)
    assert error.code == "corrupt-data"
    assert "0x00000d03" in error.message
    assert "0x00000803" in error.message


def test_labels_where_images_belong(tmp_path: Path) -> None:
    path = tmp_path / "labels.gz"
    write_idx(path, np.arange(20, dtype=np.uint8))
    assert failure(path).code == "corrupt-data"


def test_not_gzip(tmp_path: Path) -> None:
    path = tmp_path / "plain.gz"
    path.write_bytes(idx_bytes(IMAGES))
    assert failure(path).code == "corrupt-data"


def test_damaged_within(tmp_path: Path) -> None:
    path = tmp_path / "damaged.gz"
    content = bytearray(write_idx(path, np.arange(6000, dtype=np.uint64).view(np.uint8).reshape(48, 10, 100)))
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))
    assert failure(path).code in ("corrupt-data", "truncated-data")
