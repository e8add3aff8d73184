"""Views: what compiled code makes of sequences that it borrows, a place in memory and a length.

An array in compiled code has an owner, whose references are counted wherever it is passed on, by
atomic instructions; and each index is asked whether it counts from the end. A view has neither.
"""

# mypy: disable-error-code="no-untyped-call, untyped-decorator, no-untyped-def, attr-defined, call-arg"
from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, final

from numba.core import cgutils, types
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable

Values = Any
"""What LLVM computes with, and how: values, their builder and the context. Numba gives them no types."""


@final
class View(types.Type):
    """The type of a view of 64-bit integers."""

    def __init__(self) -> None:
        super().__init__(name="View")


VIEW = View()


@register_model(View)
class _ViewModel(models.StructModel):
    def __init__(self, manager: Any, kind: View) -> None:
        members = [("data", types.CPointer(types.int64)), ("size", types.int64)]
        super().__init__(manager, kind, members)


@type_callable(len)
def _type_len(context: Any) -> Callable[..., Any]:
    return lambda view: types.int64 if view is VIEW else None


@type_callable(operator.getitem)
def _type_getitem(context: Any) -> Callable[..., Any]:
    return lambda view, at: types.int64 if view is VIEW and isinstance(at, types.Integer) else None


@type_callable(operator.setitem)
def _type_setitem(context: Any) -> Callable[..., Any]:
    return lambda view, at, _: types.void if view is VIEW and isinstance(at, types.Integer) else None


@lower_builtin(len, View)
def _len(context: Values, builder: Values, signature: Values, values: Values) -> Values:
    return cgutils.create_struct_proxy(VIEW)(context, builder, values[0]).size


@lower_builtin(operator.getitem, View, types.Integer)
def _getitem(context: Values, builder: Values, signature: Values, values: Values) -> Values:
    return builder.load(_place(context, builder, signature, values))


@lower_builtin(operator.setitem, View, types.Integer, types.Any)
def _setitem(context: Values, builder: Values, signature: Values, values: Values) -> Values:
    value = context.cast(builder, values[2], signature.args[2], types.int64)
    builder.store(value, _place(context, builder, signature, values))
    return context.get_dummy_value()


def _place(context: Values, builder: Values, signature: Values, values: Values) -> Values:
    data = cgutils.create_struct_proxy(VIEW)(context, builder, values[0]).data
    at = context.cast(builder, values[1], signature.args[1], types.int64)
    return cgutils.gep(builder, data, at)


def view_of(values):
    """What `nesy.compile.jit.borrowed` is in compiled code. Without annotations, as numba compares them."""

    def borrowed(values):
        return _view(values)

    return borrowed


@intrinsic
def _view(_: Any, kind: Any) -> Any:
    """Views of an array, or of all arrays in a tuple."""

    def made(context: Values, builder: Values, signature: Values, values: Values) -> Values:
        return _viewed(context, builder, kind, values[0])

    return _kind(kind)(kind), made


def _kind(kind: Any) -> Any:
    """The type of what views an array, or all arrays in a tuple."""
    if isinstance(kind, types.Array | View):
        return VIEW
    parts = [_kind(part) for part in kind]
    if not isinstance(kind, types.BaseNamedTuple):
        return types.Tuple(parts)
    if all(part is VIEW for part in parts):
        return types.NamedUniTuple(VIEW, len(parts), kind.instance_class)
    return types.NamedTuple(parts, kind.instance_class)


def _viewed(context: Values, builder: Values, kind: Any, value: Values) -> Values:
    if isinstance(kind, View):
        return value
    if isinstance(kind, types.Array):
        array = context.make_array(kind)(context, builder, value)
        view = cgutils.create_struct_proxy(VIEW)(context, builder)
        view.data, view.size = array.data, array.nitems
        return view._getvalue()
    parts = zip(kind, cgutils.unpack_tuple(builder, value, len(kind)), strict=True)
    return context.make_tuple(builder, _kind(kind), [_viewed(context, builder, *part) for part in parts])
