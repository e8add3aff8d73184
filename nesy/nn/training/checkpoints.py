"""Checkpoints in a folder: whole or not there, the last few and the best."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import torch

from nesy.circuit.formats.whole_files import whole_file
from nesy.errors import DataError

State = Mapping[str, Any]
"""Numbers, texts and tensors, and mappings and lists of them: what `torch.load` reads without pickle."""

FORMAT = 1
BEST = "best.pt"


@final
@dataclass(frozen=True, slots=True)
class Checkpoints:
    """The checkpoints of one run, in a folder that is there when the first is saved.

    keep: how many are kept, beside the best.
    """

    folder: Path
    keep: int

    @property
    def best(self) -> Path:
        """Where the best is, once there is one."""
        return self.folder / BEST

    def names(self) -> list[Path]:
        """All but the best, the newest first."""
        return sorted(self.folder.glob("step-*.pt"), reverse=True)

    def to_use(self) -> Path:
        """The best, or the newest where no examples are held out.

        Raises `DataError` (no-checkpoint).
        """
        names = [*([self.best] if self.best.is_file() else []), *self.names()]
        if not names:
            raise DataError(
                "no-checkpoint",
                f"there is no checkpoint in `{self.folder}`",
                hint="train first (`nesy train CONFIG`), or name a file (--checkpoint)",
            )
        return names[0]

    def save(self, state: State, steps: int, *, best: bool) -> Path:
        """Write a state, and remove what need not be kept.

        Raises `DataError` (file-not-writable). Cost: the state is written once or twice, and flushed to disk.
        """
        path = self.folder / f"step-{steps:09d}.pt"
        # The best first: what resumes from the other will then find it.
        for target in [self.best, path] if best else [path]:
            with whole_file(target) as file:
                torch.save({"format": FORMAT, **state}, file)
        for old in self.names()[self.keep :]:
            old.unlink()
        return path

    def newest(self, warn: Callable[[str], None]) -> tuple[Path, State] | None:
        """The newest that can be read; None where there is none at all.

        warn: told of each one that cannot be read. Raises `DataError` (no-usable-checkpoint) if all are such.
        """
        names = self.names()
        for path in names:
            found = _read(path)
            if not isinstance(found, DataError):
                return path, found
            warn(f"{found.message}; the one before it is taken")
        if names:
            raise DataError(
                "no-usable-checkpoint",
                f"none of the {len(names)} checkpoints in `{self.folder}` can be read",
                hint="start anew (--restart), or put back a copy",
            )
        return None

    def tidy(self) -> None:
        """Remove what a write that was cut short has left."""
        for path in self.folder.glob(".*.pt.*"):
            path.unlink()

    def clear(self) -> None:
        """Remove all checkpoints."""
        for path in self.folder.glob("*.pt"):
            path.unlink()


def load_checkpoint(path: Path) -> State:
    """The state that a file holds, every byte of it verified.

    Raises `DataError`: file-not-found, corrupt-checkpoint, unknown-format.
    """
    found = _read(path)
    if isinstance(found, DataError):
        raise found
    return found


def _read(path: Path) -> State | DataError:
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
        if broken is not None:
            return _corrupt(path, f"{broken} does not have its checksum")
        state = torch.load(path, weights_only=True, map_location="cpu")
    except FileNotFoundError:
        return DataError("file-not-found", f"there is no checkpoint `{path}`")
    except (
        OSError,
        zipfile.BadZipFile,
        pickle.UnpicklingError,
        RuntimeError,
        EOFError,
        ValueError,
    ) as reason:
        return _corrupt(path, str(reason).partition("\n")[0] or type(reason).__name__)
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        return DataError(
            "unknown-format",
            f"`{path}` is no checkpoint of a run, or one of another version",
            hint="give a file that `nesy train` wrote",
        )
    return state


def _corrupt(path: Path, reason: str) -> DataError:
    return DataError("corrupt-checkpoint", f"the checkpoint `{path}` cannot be read: {reason}")
