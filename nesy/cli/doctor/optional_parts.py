"""What nesy does without where it is not installed, and how to get it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import final


@final
@dataclass(frozen=True, slots=True)
class OptionalPart:
    """Packages that one thing needs. extra: by which nesy brings them; None where it brings none."""

    purpose: str
    packages: tuple[str, ...]
    extra: str | None
    otherwise: str = ""

    def missing(self) -> tuple[str, ...]:
        """The packages that are not installed."""
        return tuple(name for name in self.packages if installed(name) is None)

    @property
    def remedy(self) -> str:
        """How to get them."""
        return f"pip install 'nesy[{self.extra}]'" if self.extra is not None else self.otherwise


PARTS: tuple[OptionalPart, ...] = (
    OptionalPart("training from a configuration", ("matplotlib",), "train"),
    OptionalPart("logs for TensorBoard", ("tensorboard",), "tensorboard"),
    OptionalPart("facts from tables", ("duckdb", "pandas", "pyarrow"), "data"),
    OptionalPart("other compilers", ("pysdd", "d4Solver"), "compilers"),
    OptionalPart("counting approximately", ("pyapproxmc",), "counting"),
    OptionalPart("batches over processes", ("joblib",), "parallel"),
    OptionalPart("the language server", ("pygls",), "editor"),
    OptionalPart("benchmarks", ("matplotlib", "pooch", "scikit-learn"), "benchmarks"),
    OptionalPart("kernels on CUDA", ("triton",), None, "comes with torch for CUDA, on Linux"),
)
"""All of them, in the order in which people need them."""


def installed(name: str) -> str | None:
    """The version of a package; None where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None
