"""Pictures in files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from nesy.circuit.formats.whole_files import write_text
from nesy.errors import DataError
from nesy.viz.page import page
from nesy.viz.picture import Picture

ENDINGS = (".svg", ".html")


def save(
    path: str | os.PathLike[str], pictures: Picture | Sequence[Picture], title: str | None = None
) -> None:
    """Write one picture as `.svg`, or any number as one `.html` page; whole or not at all.

    title: of the page; without one, the file's name.
    Raises `DataError`: unknown-picture-format, several-pictures, file-not-writable.
    Cost: the length of the file.
    """
    target = Path(path)
    every = [pictures] if isinstance(pictures, Picture) else list(pictures)
    match target.suffix.lower():
        case ".html":
            write_text(target, page(every, target.stem if title is None else title))
        case ".svg":
            if len(every) != 1:
                raise DataError(
                    "several-pictures",
                    f"an SVG file holds one picture, and these are {len(every)}",
                    hint="write them as .html, or one by one",
                )
            write_text(target, every[0].svg())
        case ending:
            raise DataError(
                "unknown-picture-format",
                f"`{target.name}` ends in {ending or 'nothing'}, which is no format of pictures",
                hint=f"its name ends in {' or '.join(ENDINGS)}",
            )
