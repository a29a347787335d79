"""Operations on many bytes at once for the kernels, line ends, and the way kernels are compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(kernel: Kernel) -> Kernel:
    """Compile a function whose arrays all belong to its caller.

    So none of them need be counted, which took four fifths of the time of `scan`. The setting is numba's own; all
    versions that pyproject.toml admits have it.
    """
    settings: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
    return cast("Kernel", njit(**settings)(kernel))


inlined = njit(cache=True, nogil=True, inline="always")


WIDTH = 32
"""Texts of logs are shorter, but for user agents."""

KEY_WIDTH = 16

_BYTE, _LANE, _LONG = ir.IntType(8), ir.IntType(32), ir.IntType(64)
_QUOTE, _BACKSLASH, _SPACE, _LINE_END = b'"\\ \n'

Value = Any
"""What numba and LLVM hand to one another while they compile: neither has types for it."""
Intrinsic = tuple[Any, Any]
"""The signature for these types of arguments, and the function that makes the code."""

# Who calls an intrinsic gives values, not types as its definition does: no checker knows of that.
_intrinsic = cast("Callable[[Callable[..., Intrinsic]], Callable[..., Any]]", intrinsic)


@_intrinsic
def to_special(_: object, block: types.Array, at: types.Integer, highest: types.Integer) -> Intrinsic:
    """Bytes of `block` from `at` to the first that ends or interrupts a text, `WIDTH` where none does.

    Such are quotes, backslashes, control characters, and bytes above `highest`.
    """

    def make(context: Value, builder: Value, signature: Value, arguments: Value) -> Value:
        found = _load(context, builder, signature, arguments, WIDTH)
        stops = builder.icmp_unsigned("==", found, _all(_QUOTE))
        stops = builder.or_(stops, builder.icmp_unsigned("==", found, _all(_BACKSLASH)))
        stops = builder.or_(stops, builder.icmp_unsigned("<", found, _all(_SPACE)))
        above = builder.icmp_unsigned(">", found, _spread(builder, arguments[2]))
        return _first(builder, builder.or_(stops, above))

    return types.int64(block, types.int64, types.uint8), make


@_intrinsic
def to_line_end(_: object, block: types.Array, at: types.Integer) -> Intrinsic:
    """Bytes of `block` from `at` to the first line end, `WIDTH` where none is near."""

    def make(context: Value, builder: Value, signature: Value, arguments: Value) -> Value:
        found = _load(context, builder, signature, arguments, WIDTH)
        return _first(builder, builder.icmp_unsigned("==", found, _all(_LINE_END)))

    return types.int64(block, types.int64), make


@_intrinsic
def begins_with(
    _: object, block: types.Array, at: types.Integer, key: types.Array, place: types.Integer, count: types.Integer
) -> Intrinsic:
    """Whether `count` (at most `KEY_WIDTH`) bytes of `block` from `at` on are those of `key` from `place` on."""

    def make(context: Value, builder: Value, signature: Value, arguments: Value) -> Value:
        ours = _load(context, builder, signature, arguments, KEY_WIDTH)
        theirs = _load(context, builder, signature, arguments, KEY_WIDTH, first=2)
        different = builder.bitcast(builder.icmp_unsigned("!=", ours, theirs), ir.IntType(KEY_WIDTH))
        asked = builder.sub(builder.shl(_LANE(1), builder.trunc(arguments[4], _LANE)), _LANE(1))
        return builder.icmp_unsigned("==", builder.and_(builder.zext(different, _LANE), asked), _LANE(0))

    return types.boolean(block, types.int64, key, types.int64, types.int64), make


@_intrinsic
def copy(_: object, block: types.Array, at: types.Integer, to: types.Array, place: types.Integer) -> Intrinsic:
    """Copy `WIDTH` bytes of `block` from `at` on into `to` from `place` on."""

    def make(context: Value, builder: Value, signature: Value, arguments: Value) -> Value:
        found = _load(context, builder, signature, arguments, WIDTH)
        builder.store(found, _place(context, builder, signature, arguments, WIDTH, first=2), align=1)
        return context.get_dummy_value()

    return types.void(block, types.int64, to, types.int64), make


def _load(context: Value, builder: Value, signature: Value, arguments: Value, width: int, first: int = 0) -> Value:
    """The bytes of an array (argument `first`) from a place on (the argument after it), wherever that lies."""
    return builder.load(_place(context, builder, signature, arguments, width, first), align=1)


def _place(context: Value, builder: Value, signature: Value, arguments: Value, width: int, first: int) -> Value:
    array = context.make_array(signature.args[first])(context, builder, arguments[first])
    vector = ir.VectorType(_BYTE, width)
    return builder.bitcast(builder.gep(array.data, [arguments[first + 1]]), vector.as_pointer())


def _all(byte: int) -> ir.Constant:
    return ir.Constant(ir.VectorType(_BYTE, WIDTH), [byte] * WIDTH)


def _spread(builder: Value, byte: Value) -> Value:
    nothing = ir.Constant(ir.VectorType(_BYTE, WIDTH), ir.Undefined)
    one = builder.insert_element(nothing, byte, _LANE(0))
    return builder.shuffle_vector(one, nothing, ir.Constant(ir.VectorType(_LANE, WIDTH), [0] * WIDTH))


def _first(builder: Value, found: Value) -> Value:
    """Index of the first lane that is true; the number of lanes where none is."""
    bits = builder.bitcast(found, ir.IntType(WIDTH))
    return builder.zext(builder.cttz(bits, ir.IntType(1)(0)), _LONG)


_NEW_LINE = ord("\n")


def count_line_ends(text: bytes) -> int:
    """Count by compiled code that looks at many bytes at once; `bytes.count` stops at each that it finds."""
    return int(_count(np.frombuffer(text, dtype=np.uint8)))


def line_ends(text: Bytes) -> Positions:
    """Where the line ends stand, in order."""
    # Room for line ends alone: what is not written to takes no memory.
    found = np.empty(len(text), dtype=np.int64)
    return found[: _find(text, found)].copy()


@compiled
def _count(text: Bytes) -> int:
    count = 0
    for byte in text:
        count += byte == _NEW_LINE
    return count


@compiled
def _find(text: Bytes, found: Positions) -> int:
    """Fill `found` with the places of the line ends; returns how many there are."""
    count = at = 0
    while at + WIDTH <= len(text):
        step = to_line_end(text, at)
        if step < WIDTH:
            found[count] = at + step
            count += 1
            step += 1
        at += step
    for place in range(at, len(text)):
        if text[place] == _NEW_LINE:
            found[count] = place
            count += 1
    return count
