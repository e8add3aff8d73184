"""Words of sixty-four worlds in compiled code: how many hold, which is the first, and vectors of words.

A loop over the words of a row is vectorised or not as the compiler sees fit, and it must first find out that
rows do not overlap; operations on a vector always are, and a gate's result stays in registers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core.datamodel import models
from numba.extending import intrinsic, register_model

_WORD = ir.IntType(64)
Implementation = tuple[Any, Callable[..., Any]]


@final
class Words(types.Type):
    """The type of a vector of words."""

    def __init__(self, lanes: int) -> None:
        super().__init__(name=f"uint64x{lanes}")
        self.lanes = lanes


@register_model(Words)
class _WordsModel(models.PrimitiveModel):
    def __init__(self, dmm: Any, fe_type: Words) -> None:
        super().__init__(dmm, fe_type, _kind(fe_type.lanes))  # type: ignore[no-untyped-call]


def _kind(lanes: int) -> Any:
    return ir.VectorType(_WORD, lanes)


def _is_words(array: Any) -> bool:
    return isinstance(array, types.Array) and array.dtype == types.uint64 and array.layout == "C"


def _pointer(context: Any, builder: Any, kind: Any, array: Any, place: Any, lanes: int) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [place]), _kind(lanes).as_pointer())


def _every(typing: Any, lanes: Any) -> Implementation | None:
    if not isinstance(lanes, types.UniTuple):
        return None
    vector = Words(lanes.count)

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return ir.Constant(_kind(vector.lanes), [2**64 - 1] * vector.lanes)

    return vector(lanes), code


every: Any = intrinsic(_every)
"""All worlds, in as many lanes as a tuple is long."""


def _met(typing: Any, words: Any, array: Any, place: Any, flip: Any) -> Implementation | None:
    if not (isinstance(words, Words) and _is_words(array)):
        return None

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        lanes = words.lanes
        pointer = _pointer(context, builder, signature.args[1], args[1], args[2], lanes)
        undefined = ir.Constant(_kind(lanes), ir.Undefined)
        one = builder.insert_element(undefined, args[3], ir.IntType(32)(0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)
        turned = builder.xor(builder.load(pointer, align=8), builder.shuffle_vector(one, undefined, zeros))
        return builder.and_(args[0], turned)

    return words(words, array, types.intp, types.uint64), code


met: Any = intrinsic(_met)
"""The vector and what stands in an array from an element on, each word of it turned by `flip`; unchecked."""


def _put(typing: Any, array: Any, place: Any, words: Any) -> Implementation | None:
    if not (isinstance(words, Words) and _is_words(array)):
        return None

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = _pointer(context, builder, signature.args[0], args[0], args[1], words.lanes)
        builder.store(args[2], pointer, align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, words), code


put: Any = intrinsic(_put)
"""Write a vector into an array from an element on; unchecked."""


def _ones_in(typing: Any, word: Any) -> Implementation | None:
    if word != types.uint64:
        return None

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.int64(types.uint64), code


ones_in: Any = intrinsic(_ones_in)
"""How many bits of a word are set."""


def _first_in(typing: Any, word: Any) -> Implementation | None:
    if word != types.uint64:
        return None

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), code


first_in: Any = intrinsic(_first_in)
"""The place of the lowest bit that is set in a word; 64 where none is."""
