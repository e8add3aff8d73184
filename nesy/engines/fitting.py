"""What an algebra needs of a circuit: supplied where it can be, refused with the reason where not."""

from __future__ import annotations

from nesy.algebra import Algebra
from nesy.circuit.circuit import Circuit
from nesy.circuit.passes import Smooth
from nesy.circuit.properties import is_decomposable, is_deterministic
from nesy.errors import EngineError


def fitted(circuit: Circuit, algebra: Algebra, *, compiled: bool = False) -> Circuit:
    """A circuit with the same worlds, on which the algebra's values are those of a sum over worlds.

    compiled: it comes from a compiler of ours, and is decomposable and deterministic.
    A circuit is made smooth, up to all variables, for an algebra that needs it. Raises `EngineError`:
    not-commutative, not-decomposable, not-deterministic.
    Cost: O(edges * variables / 64), and the edges that smoothing adds; checking that a circuit is
    deterministic may take time quadratic in its nodes.
    """
    if not algebra.laws.commutative:
        raise EngineError(
            "not-commutative",
            f"times of {algebra.name!r} does not commute, and compiling reorders products",
            hint="use nesy.kernels.layered.evaluate_in on a circuit whose order you know",
        )
    if not compiled:
        _check(circuit, algebra)
    return Smooth(whole=True).run(circuit) if algebra.laws.needs_smooth else circuit


def _check(circuit: Circuit, algebra: Algebra) -> None:
    if not is_decomposable(circuit):
        raise EngineError(
            "not-decomposable",
            "the circuit multiplies nodes that share a variable, so its values are not those of worlds",
            hint="compile the formula that it stands for: `nesy compile` makes decomposable circuits",
        )
    if algebra.laws.needs_deterministic and not is_deterministic(circuit):
        raise EngineError(
            "not-deterministic",
            f"{algebra.name!r} would count worlds twice: the circuit adds nodes not proved to exclude "
            "one another",
            hint="compile the formula that it stands for, or use an idempotent algebra: "
            "boolean, tropical, max-product, max-log, max-min",
        )
