"""Vectors of float64 for compiled code: one value per lane, any number of lanes, explicit SIMD.

A loop over the batch is vectorised or not as the compiler sees fit; arithmetic on a vector always is. The
number of lanes is part of a vector's type, and comes from the type of a tuple, `lanes_of(16)`, that is
handed down. One lane is a plain number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.extending import intrinsic, register_model

_DOUBLE = ir.DoubleType()
_BITS = ir.IntType(64)
_CONTRACT = ("contract",)
"""A product and the sum it goes into may be one instruction, with one rounding."""

_BIAS = 1023
_SHIFTED = float(2**52)
"""Added to a whole number, it puts that number into the lowest bits."""


def lanes_of(count: int) -> tuple[int, ...]:
    """What compiled code is handed for vectors of so many lanes."""
    return (0,) * count


@final
class Vector(types.Type):
    """The type of a vector of float64."""

    def __init__(self, lanes: int) -> None:
        super().__init__(name=f"float64x{lanes}")
        self.lanes = lanes


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, dmm: Any, fe_type: Vector) -> None:
        super().__init__(dmm, fe_type, ir.VectorType(_DOUBLE, fe_type.lanes))  # type: ignore[no-untyped-call]


def _is_rows(array: Any) -> bool:
    return isinstance(array, types.Array) and array.dtype == types.float64 and array.layout == "C"


def _constant(like: Any, value: float) -> Any:
    return ir.Constant(like.type, [value] * like.type.count)


def _whole(like: Any, value: int) -> Any:
    return ir.Constant(ir.VectorType(_BITS, like.type.count), [value] * like.type.count)


def _call(builder: Any, name: str, *args: Any) -> Any:
    vector = args[0].type
    function = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
        builder.module, ir.FunctionType(vector, [vector] * len(args)), f"{name}.v{vector.count}f64"
    )
    return builder.call(function, args)


def _any(builder: Any, mask: Any) -> Any:
    bits = ir.IntType(mask.type.count)
    return builder.icmp_unsigned("!=", builder.bitcast(mask, bits), ir.Constant(bits, 0))


def _pointer(context: Any, builder: Any, signature: Any, args: Any, lanes: int) -> Any:
    """The address of the element that args[1] counts from the start of array args[0]."""
    array = context.make_array(signature.args[0])(context, builder, args[0])
    return builder.bitcast(builder.gep(array.data, [args[1]]), ir.VectorType(_DOUBLE, lanes).as_pointer())


def _load(typing: Any, array: Any, place: Any, lanes: Any) -> Any:
    if not (_is_rows(array) and isinstance(lanes, types.UniTuple)):
        return None
    vector = Vector(lanes.count)

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(_pointer(context, builder, signature, args, vector.lanes), align=8)

    return vector(array, types.intp, lanes), code


load: Any = intrinsic(_load)
"""The vector that starts at an element of an array, counted from its first; unchecked."""


def _read(typing: Any, array: Any, place: Any) -> Any:
    if not (isinstance(array, types.Array) and array.dtype == types.int32 and array.layout == "C"):
        return None

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        numbers = context.make_array(signature.args[0])(context, builder, args[0])
        return builder.sext(builder.load(builder.gep(numbers.data, [args[1]])), _BITS)

    return types.intp(array, types.intp), code


read: Any = intrinsic(_read)
"""An element of an array of int32, counted from its first; unchecked, and without a look at its sign."""


def _store(typing: Any, array: Any, place: Any, value: Any) -> Any:
    if not (_is_rows(array) and isinstance(value, Vector)):
        return None

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store(args[2], _pointer(context, builder, signature, args, value.lanes), align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, value), code


store: Any = intrinsic(_store)
"""Write a vector from an element of an array on; unchecked."""


def _spread(typing: Any, value: Any, lanes: Any) -> Any:
    if not isinstance(lanes, types.UniTuple):
        return None
    vector = Vector(lanes.count)

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.VectorType(_DOUBLE, vector.lanes)
        one = builder.insert_element(ir.Constant(kind, ir.Undefined), args[0], ir.IntType(32)(0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), vector.lanes), [0] * vector.lanes)
        return builder.shuffle_vector(one, ir.Constant(kind, ir.Undefined), zeros)

    return vector(types.float64, lanes), code


spread: Any = intrinsic(_spread)
"""A number in every lane."""


Emit = Callable[..., Any]
"""(builder, *vectors) to a vector."""


def _elementwise(emit: Emit, arity: int) -> Any:
    """An operation on vectors of equal type that gives another."""

    def vectors(*kinds: Any) -> Any:
        if not (isinstance(kinds[0], Vector) and all(k == kinds[0] for k in kinds)):
            return None
        return kinds[0](*kinds), lambda _context, builder, _signature, args: emit(builder, *args)

    if arity == 1:
        return intrinsic(lambda _typing, a: vectors(a))
    if arity == 2:
        return intrinsic(lambda _typing, a, b: vectors(a, b))
    return intrinsic(lambda _typing, a, b, c: vectors(a, b, c))


def _test(emit: Emit, arity: int) -> Any:
    """A question about vectors of equal type: whether the answer is yes in any lane."""

    def vectors(*kinds: Any) -> Any:
        if not (isinstance(kinds[0], Vector) and all(k == kinds[0] for k in kinds)):
            return None
        return types.boolean(*kinds), lambda _context, builder, _signature, args: _any(
            builder, emit(builder, *args)
        )

    if arity == 1:
        return intrinsic(lambda _typing, a: vectors(a))
    return intrinsic(lambda _typing, a, b: vectors(a, b))


add = _elementwise(lambda b, x, y: b.fadd(x, y, flags=_CONTRACT), 2)
subtract = _elementwise(lambda b, x, y: b.fsub(x, y, flags=_CONTRACT), 2)
multiply = _elementwise(lambda b, x, y: b.fmul(x, y, flags=_CONTRACT), 2)
larger = _elementwise(lambda b, x, y: b.select(b.fcmp_ordered(">", x, y), x, y), 2)
nearest = _elementwise(lambda b, x: _call(b, "llvm.rint", x), 1)


def _quotient(builder: Any, dividend: Any, divisor: Any) -> Any:
    zero = _constant(divisor, 0.0)
    live = builder.fcmp_unordered("!=", divisor, zero)
    safe = builder.select(live, divisor, _constant(divisor, 1.0))
    return builder.select(live, builder.fdiv(dividend, safe), zero)


def _where_live(builder: Any, value: Any, marker: Any) -> Any:
    zero = _constant(value, 0.0)
    return builder.select(builder.fcmp_unordered("!=", marker, zero), value, zero)


def _power(builder: Any, exponent: Any) -> Any:
    low, high = _constant(exponent, -1023.0), _constant(exponent, 1023.0)
    exponent = builder.select(builder.fcmp_ordered(">", exponent, low), exponent, low)
    exponent = builder.select(builder.fcmp_ordered("<", exponent, high), exponent, high)
    shifted = builder.fadd(exponent, _constant(exponent, _SHIFTED + _BIAS))
    bits = builder.bitcast(shifted, ir.VectorType(_BITS, exponent.type.count))
    return builder.bitcast(builder.shl(bits, _whole(exponent, 52)), exponent.type)


def _choice(builder: Any, question: Any, yes: Any, no: Any) -> Any:
    return builder.select(builder.fcmp_ordered(">", question, _constant(question, 0.0)), yes, no)


quotient = _elementwise(_quotient, 2)
"""Dividend over divisor; 0 where the divisor is 0."""

where_live = _elementwise(_where_live, 2)
"""The first where the second is not 0; 0 elsewhere."""

power = _elementwise(_power, 1)
"""2 to a whole power, exactly; 0 below 2^-1022, and 2^1023 above that."""

choice = _elementwise(_choice, 3)
"""The second where the first is above 0; the third elsewhere."""

any_above = _test(lambda b, x, y: b.fcmp_ordered(">", x, y), 2)
any_unequal = _test(lambda b, x, y: b.fcmp_unordered("!=", x, y), 2)


def _outside(builder: Any, value: Any, low: Any, high: Any) -> Any:
    faint = builder.and_(
        builder.fcmp_ordered("<", value, low),
        builder.fcmp_ordered(">", value, _constant(value, 0.0)),
    )
    return _any(builder, builder.or_(faint, builder.fcmp_ordered(">", value, high)))


def _ask_outside(typing: Any, value: Any, low: Any, high: Any) -> Any:
    if not (isinstance(value, Vector) and value == low and value == high):
        return None
    return types.boolean(value, value, value), lambda _context, builder, _signature, args: _outside(
        builder, *args
    )


outside: Any = intrinsic(_ask_outside)
"""Whether any lane is above high, or below low and not 0."""
