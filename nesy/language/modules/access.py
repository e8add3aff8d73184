"""Which files a rule file may read: those in its own folder, and those its caller allows."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import final

from nesy.errors import LanguageError, Span


@final
@dataclass(frozen=True)
class Access:
    """What rules may reach outside their own text.

    folder: where they stand; they read files there and below. None: they come without a folder.
    allowed: further files, and folders with all below them. python: whether Python files may run.
    """

    folder: Path | None = None
    allowed: tuple[Path, ...] = ()
    python: bool = False

    def find(self, name: str, beside: Path | None, suffixes: tuple[str, ...], span: Span | None) -> Path:
        """The file of a name, looked for beside the file that names it, as it is or with a suffix added.

        Symbolic links and `..` are followed before it is asked where a file stands; nothing is asked of
        a file outside. Raises `LanguageError` (no-folder, file-outside-folder, file-not-found).
        """
        if self.folder is None or beside is None:
            raise LanguageError(
                "no-folder",
                f"`{name}` cannot be read: this text stands in no folder",
                span=span,
                hint="load the rules from a file, or say nesy.parse(text, base=folder)",
            )
        if not name or "\0" in name:
            raise _missing(name, beside, span)
        candidates = [beside / (name + suffix) for suffix in ("", *suffixes)]
        for path in candidates:
            if not self._inside(path):
                raise LanguageError(
                    "file-outside-folder",
                    f"`{name}` lies outside the folder of these rules, {self.folder}",
                    span=span,
                    hint=f'copy it there, or allow it: nesy.load(path, allow_files=["{path.resolve()}"])',
                )
            if path.is_file():
                return path
        raise _missing(name, candidates[0].parent, span)

    def _inside(self, path: Path) -> bool:
        assert self.folder is not None
        target = path.resolve()
        roots = (root.resolve() for root in (self.folder, *self.allowed))
        return any(target == root or root in target.parents for root in roots)


def _missing(name: str, folder: Path, span: Span | None) -> LanguageError:
    hint = None
    if folder.is_dir():
        files = sorted(p.name for p in folder.iterdir() if p.is_file())
        near = get_close_matches(name, files, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"the folder is {folder}"
    return LanguageError("file-not-found", f"there is no file `{name}`", span=span, hint=hint)
