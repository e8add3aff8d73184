"""MNIST: 60,000 training and 10,000 test images of 28x28 pixels, found or downloaded, then checked."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pooch
from numpy.typing import NDArray

from benchmarks.datasets.idx import read_idx
from benchmarks.datasets.images import ImageSet, standardised
from nesy.errors import DataError

SHA256 = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
"""The four files and their checksums."""

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
"""Where the files can be had, tried in order."""

BESIDE_CHECKOUT = Path(__file__).resolve().parents[3] / "shared" / "data" / "mnist"
"""A folder that a shared machine may keep next to the checkout."""


def load_mnist(data_dir: Path | None = None) -> ImageSet:
    """The four files, read and checked.

    Looked for in `data_dir`; without it in `$NESY_DATA/mnist`, then beside the checkout, and else
    downloaded. Raises `DataError` (missing-data, truncated-data, corrupt-data, wrong-checksum,
    download-failed), which names the file.
    """
    folder = data_dir if data_dir is not None else find_mnist()
    if folder is None:
        folder = download_mnist(download_folder())
    require_files(folder)
    return standardised("mnist", str(folder), _split(folder, "train"), _split(folder, "t10k"))


def find_mnist() -> Path | None:
    """The first folder of the search order that exists."""
    home = os.environ.get("NESY_DATA")
    candidates = ([Path(home) / "mnist"] if home else []) + [BESIDE_CHECKOUT]
    return next((folder for folder in candidates if folder.is_dir()), None)


def download_folder() -> Path:
    """Where downloads are kept: `$NESY_DATA/mnist`, or the cache folder of the operating system."""
    home = os.environ.get("NESY_DATA")
    return Path(home) / "mnist" if home else Path(pooch.os_cache("nesy")) / "mnist"


def download_mnist(folder: Path, mirrors: tuple[str, ...] = MIRRORS) -> Path:
    """The folder, after fetching what it lacks. A file appears there whole and checked, or not at all.

    Raises `DataError` (download-failed) with what each mirror said.
    """
    for name, checksum in SHA256.items():
        _download(name, checksum, folder, mirrors)
    return folder


def _download(name: str, checksum: str, folder: Path, mirrors: tuple[str, ...]) -> None:
    reasons = []
    for mirror in mirrors:
        failure = _retrieve(mirror + name, checksum, folder / name)
        if failure is None:
            return
        reasons.append(f"{mirror}: {failure}")
    raise DataError(
        "download-failed",
        f"{name} could not be downloaded\n  " + "\n  ".join(reasons),
        hint=f"put the files {_names()} into a folder and pass it as --data-dir",
    )


def _retrieve(url: str, checksum: str, path: Path) -> Exception | None:
    try:
        pooch.retrieve(url, known_hash=f"sha256:{checksum}", fname=path.name, path=path.parent)
    except (OSError, ValueError) as reason:  # the errors of requests are OSErrors; a wrong sum, a ValueError
        return reason
    return None


def require_files(folder: Path) -> None:
    """Refuse a folder that lacks one of the four files. Raises `DataError` (missing-data)."""
    missing = [name for name in SHA256 if not (folder / name).is_file()]
    if missing:
        what = "is not a folder" if not folder.is_dir() else f"lacks {', '.join(missing)}"
        raise DataError(
            "missing-data",
            f"MNIST: {folder} {what}",
            hint=f"--data-dir must name a folder with {_names()}; without it they are downloaded",
        )


def _split(folder: Path, part: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    images = _checked(folder / f"{part}-images-idx3-ubyte.gz", axes=3)
    digits = _checked(folder / f"{part}-labels-idx1-ubyte.gz", axes=1)
    return images, digits


def _checked(path: Path, axes: int) -> NDArray[np.uint8]:
    # Parsed first: "truncated" says more to its reader than "wrong checksum".
    content = read_idx(path, axes=axes)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SHA256[path.name]:
        raise DataError(
            "wrong-checksum",
            f"{path} is not the MNIST file: its SHA-256 is {found}, where {SHA256[path.name]} is expected",
            hint="replace the file by a fresh copy, or delete the folder and let the benchmark download it",
        )
    return content


def _names() -> str:
    return ", ".join(SHA256)
