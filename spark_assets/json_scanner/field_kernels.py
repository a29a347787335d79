"""The inner loop of `scanning`: a line of flat JSON, key by key.

Every loop ends at the latest at the line end, which no rule lets pass: so a position can never leave the block.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from spark_assets.json_scanner.simd import KEY_WIDTH, Bytes, Mask, Positions, begins_with, compiled, inlined
from spark_assets.json_scanner.text_kernels import NOT_PLAIN, text_end

_BUILT_ON = 265_919_435_788_492
"""Digest of what is compiled into this module from others: numba keeps its code until this very file changes."""

Found = tuple[Positions, Positions, Mask, npt.NDArray[np.float64]]
"""Where the value of a field begins and ends in a line, whether it holds escapes, and its number: fields x lines each.

The beginning stays -1 for a field that is absent or null."""

_QUOTE, _COMMA, _COLON, _MINUS, _POINT, _SPACE = 34, 44, 58, 45, 46, 32
_OPENING, _CLOSING, _ZERO, _NINE = 123, 125, 48, 57
_MOST_DIGITS = 15
"""A whole number of so many digits is exact as a float, and so is its one division by a power of ten rounded right."""
_POWERS = 10.0 ** np.arange(_MOST_DIGITS + 1)

_UNKNOWN = -1


@compiled
def scan(
    block: Bytes,
    bounds: tuple[Positions, Positions],
    keys: tuple[Bytes, Positions, Mask],
    utf8: bool,
    order: Positions,
    found: Found,
    plain: Mask,
) -> None:
    """Read each line; what its fields hold goes to `found`, and `plain` becomes true where it was read to its end.

    `order` is room for the fields of the first keys of a line, -1 each, which are tried at the same place of the next.
    """
    starts, ends = bounds
    highest = 255 if utf8 else 127
    for line in range(len(starts)):
        at = starts[line]
        if at >= ends[line] or block[at] != _OPENING:
            continue
        place = 0
        while True:
            at = _skip_space(block, at + 1)
            if block[at] != _QUOTE:
                break
            at, field = _key(block, at + 1, highest, place, keys, order)
            if at == NOT_PLAIN:
                break
            place += 1
            if field != _UNKNOWN and found[0][field, line] != -1:
                break
            at = _value(block, _skip_space(block, at + 2), highest, field, line, keys, found)
            if at == NOT_PLAIN:
                break
            if block[at] != _COMMA:
                plain[line] = block[at] == _CLOSING and at + 1 == ends[line]
                break


@inlined
def _key(block: Bytes, begin: int, highest: int, place: int, keys: Any, order: Positions) -> Any:  # noqa: ANN401
    """Where the key that begins at `begin` is closed, and its field (-1: none); -1 for the former if it is not plain.

    Log writers keep to one order of keys: a key that stood at this place in the line before is not looked up.
    """
    letters, lengths, _ = keys
    field = order[place] if place < len(order) else _UNKNOWN
    if field != _UNKNOWN and begin + KEY_WIDTH <= len(block):
        length = lengths[field]
        if begins_with(block, begin, letters, field * KEY_WIDTH, length + 2):
            return begin + length, field
    at, escapes = text_end(block, begin, highest)
    if at == NOT_PLAIN or escapes or block[at + 1] != _COLON:
        return NOT_PLAIN, _UNKNOWN
    field = _field_of(block, begin, at, keys)
    if place < len(order):
        order[place] = field
    return at, field


@inlined
def _skip_space(block: Bytes, at: int) -> int:
    """The place after one space, if there is one: some writers put it after colons and commas."""
    return at + 1 if block[at] == _SPACE else at


@inlined
def _value(block: Bytes, at: int, highest: int, field: int, line: int, keys: Any, found: Any) -> int:  # noqa: ANN401
    """Note the value that begins at `at` in its field (-1: none); returns where it ends, -1 where it is not plain."""
    first, last, escaped, numbers = found
    numeric = field != _UNKNOWN and keys[2][field]
    if block[at] == _QUOTE:
        begin = at + 1
        at, escapes = text_end(block, begin, highest)
        if at == NOT_PLAIN:
            return NOT_PLAIN
        if numeric and at > begin:
            end, number, _ = _number(block, begin, True)
            if end != at:
                return NOT_PLAIN
            first[field, line], numbers[field, line] = begin, number
        elif field >= 0 and not numeric:
            first[field, line], last[field, line], escaped[field, line] = begin, at, escapes
        return at + 1
    if block[at] == 110 and block[at + 1] == 117 and block[at + 2] == 108 and block[at + 3] == 108:  # null
        return at + 4
    end, number, digits_only = _number(block, at, False)
    if end == NOT_PLAIN or (field >= 0 and not numeric and not digits_only):
        return NOT_PLAIN
    if numeric:
        first[field, line], numbers[field, line] = at, number
    elif field >= 0:
        # a number where a text belongs reads as it is written
        first[field, line], last[field, line] = at, end
    return int(end)


@inlined
def _field_of(block: Bytes, begin: int, end: int, keys: Any) -> int:  # noqa: ANN401 - a tuple of arrays
    """Which field a key names; -1 for none."""
    letters, lengths, _ = keys
    for field in range(len(lengths)):
        if lengths[field] != end - begin:
            continue
        for place in range(end - begin):
            if letters[field * KEY_WIDTH + place] != block[begin + place]:
                break
        else:
            return field
    return _UNKNOWN


@inlined
def _number(block: Bytes, at: int, as_text: bool) -> Any:  # noqa: ANN401 - a triple
    """Where a number ends, its value, and whether it is of digits alone; -1 where it is none, or not exact this way."""
    negative = block[at] == _MINUS
    if negative:
        at += 1
    begin = at
    digits = 0
    while _ZERO <= block[at] <= _NINE:
        digits = digits * 10 + (block[at] - _ZERO)
        at += 1
    whole = at - begin
    # JSON writes no zeros before a number; in a text they are read over.
    if whole == 0 or whole > _MOST_DIGITS or (whole > 1 and block[begin] == _ZERO and not as_text):
        return NOT_PLAIN, 0.0, False
    decimals = 0
    if block[at] == _POINT:
        at += 1
        while _ZERO <= block[at] <= _NINE and whole + decimals <= _MOST_DIGITS:
            digits = digits * 10 + (block[at] - _ZERO)
            decimals += 1
            at += 1
        if decimals == 0:
            return NOT_PLAIN, 0.0, False
    if whole + decimals > _MOST_DIGITS or block[at] == 101 or block[at] == 69:  # e, E
        return NOT_PLAIN, 0.0, False
    value = digits / _POWERS[decimals]
    return at, -value if negative else value, not negative and decimals == 0
