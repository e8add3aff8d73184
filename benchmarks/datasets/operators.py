"""Hand-written operators, 28x28 pixels: 6,006 images, which are 1,500 drawings and their mirror images.

The archive's own folders `train`, `val` and `test` tell images apart, not drawings: more than half of the
drawings have images in several of them. Its file names say which images are originals (those that begin
with the sign), but not which the others were made of. The pixels do: two images are of one drawing where a
turn or a reflection makes them equal, bit by bit. That puts one original into each group (and two minus
signs, drawn alike, into one): 167 drawings each of a plus, a cross and a dot with six images, 250 of an
obelus and 249 of a minus with four, 500 of a slash with two. Two people drew them; the names do not say who
drew which.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import final

import numpy as np
import pooch
from numpy.typing import NDArray

from nesy.errors import DataError

FILE = "mdas_symbols_v1.zip"
"""The archive."""

SHA256 = "c779edb082fbe932e02ba129d4a0f7eee5e539873f988b587284d46a947d8791"
"""Its checksum."""

SOURCE = (
    "https://raw.githubusercontent.com/jdmacleod/handwritten-calculator/"
    "c00b70f1dfafe54c17de6ed7fc49b9598d134e2c/mdas_symbol_dataset/" + FILE
)
"""Where it can be had (MIT licence)."""

BESIDE_CHECKOUT = Path(__file__).resolve().parents[3] / "shared" / "data" / "operators"
"""A folder that a shared machine may keep next to the checkout."""

KINDS = ("plus", "minus", "times", "divide")
"""What an operator may be."""

SIGNS: Mapping[str, str] = {
    "addition_plus": "plus",
    "subtraction_minus": "minus",
    "multiplication_cross": "times",
    "multiplication_dot": "times",
    "division_obelus": "divide",
    "division_slash": "divide",
}
"""The archive's folders, and what their signs mean: there are two signs for a product and a quotient."""


@final
@dataclass(frozen=True, eq=False)
class OperatorImages:
    """n images of operators.

    pixels: (n, 28, 28) uint8. kinds: (n,) int64, indices into `KINDS`. drawings: (n,) int64, equal where
    two images are of one drawing, but for turns and reflections.
    """

    pixels: NDArray[np.uint8]
    kinds: NDArray[np.int64]
    drawings: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.kinds)

    def only(self, chosen: NDArray[np.bool_]) -> OperatorImages:
        """The images that a mask chooses."""
        return OperatorImages(self.pixels[chosen], self.kinds[chosen], self.drawings[chosen])

    def split_by_drawing(self, share: float, seed: int) -> tuple[OperatorImages, OperatorImages]:
        """The other images, and those of a share of each kind's drawings, which the seed chooses."""
        rng = np.random.default_rng(seed)
        chosen: list[NDArray[np.int64]] = []
        for kind in range(len(KINDS)):
            drawings = np.unique(self.drawings[self.kinds == kind])
            chosen.append(rng.permutation(drawings)[: round(share * len(drawings))])
        apart = np.isin(self.drawings, np.concatenate(chosen))
        return self.only(~apart), self.only(apart)


def load_operators(data_dir: Path | None = None) -> OperatorImages:
    """All images of the archive, which is checked.

    Looked for in `data_dir`; without it in `$NESY_DATA/operators`, then beside the checkout, and else
    downloaded. Raises `DataError` (missing-data, wrong-checksum, download-failed).
    Cost: about two seconds.
    """
    path = _found(data_dir)
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    if checksum != SHA256:
        raise DataError(
            "wrong-checksum",
            f"{path} is not the archive of operators: its SHA-256 is {checksum}, where {SHA256} is expected",
            hint="replace the file by a fresh copy, or delete it and let the benchmark download it",
        )
    return read_operators(path)


def read_operators(path: Path) -> OperatorImages:
    """The images of an archive laid out as this one, in the order of their names.

    Raises `DataError` (corrupt-data): a file that is no archive, or an image of another size or folder.
    """
    pixels, kinds, drawings = [], [], []
    known: dict[bytes, int] = {}
    for name, content in _images(path):
        sign = PurePosixPath(name).parent.name
        image = _decoded(content)
        if sign not in SIGNS or image.shape != (28, 28):
            raise DataError("corrupt-data", f"{path}: {name} is no image of 28x28 pixels of a known sign")
        pixels.append(image)
        kinds.append(KINDS.index(SIGNS[sign]))
        drawings.append(known.setdefault(sign.encode() + _drawing(image), len(known)))
    return OperatorImages(np.stack(pixels), np.array(kinds), np.array(drawings))


def _images(path: Path) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(name for name in archive.namelist() if name.endswith(".png"))
            return [(name, archive.read(name)) for name in names]
    except zipfile.BadZipFile as reason:
        raise DataError("corrupt-data", f"{path} cannot be unzipped: {reason}") from None


def _decoded(content: bytes) -> NDArray[np.uint8]:
    from matplotlib.image import imread  # noqa: PLC0415 - half a second to import

    grey = imread(io.BytesIO(content), format="png")
    image: NDArray[np.uint8] = np.rint(255 * grey).astype(np.uint8)
    return image


def _drawing(image: NDArray[np.uint8]) -> bytes:
    """What all turns and reflections of an image have in common: the least of them."""
    forms = (np.rot90(side, turn) for side in (image, image[:, ::-1]) for turn in range(4))
    return min(form.tobytes() for form in forms)


def _found(data_dir: Path | None) -> Path:
    home = os.environ.get("NESY_DATA")
    if data_dir is not None:
        if not (data_dir / FILE).is_file():
            raise DataError(
                "missing-data",
                f"{data_dir} has no file {FILE}",
                hint="name the folder it is in, or leave the option out to have it downloaded",
            )
        return data_dir / FILE
    folders = ([Path(home) / "operators"] if home else []) + [BESIDE_CHECKOUT]
    for folder in folders:
        if (folder / FILE).is_file():
            return folder / FILE
    return _downloaded(folders[0] if home else Path(pooch.os_cache("nesy")) / "operators")


def _downloaded(folder: Path) -> Path:
    try:
        return Path(pooch.retrieve(SOURCE, known_hash=f"sha256:{SHA256}", fname=FILE, path=folder))
    except (OSError, ValueError) as reason:  # the errors of requests are OSErrors; a wrong sum, a ValueError
        raise DataError(
            "download-failed",
            f"{SOURCE}: {reason}",
            hint=f"put {FILE} into a folder and pass it as --operators-dir",
        ) from None
