"""The inner loops of `scanning`, compiled at first use (about 6 s) and then kept on disk where that can be written.

Every loop ends at the latest at the line end, which no rule lets pass: so a position can never leave the block.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

from spark_assets.ingest.vectors import KEY_WIDTH, WIDTH, begins_with, copy, to_special

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Kernel = TypeVar("Kernel", bound=Callable[..., Any])
Found = tuple[Positions, Positions, Mask, npt.NDArray[np.float64]]
"""Where the value of a field begins and ends in a line, whether it holds escapes, and its number: fields x lines each.

The beginning stays -1 for a field that is absent or null."""

_QUOTE, _BACKSLASH, _COMMA, _COLON, _MINUS, _POINT, _SPACE = 34, 92, 44, 58, 45, 46, 32
_OPENING, _CLOSING, _ZERO, _NINE = 123, 125, 48, 57
_SIMPLE_ESCAPES = np.zeros(256, dtype=np.uint8)
"""What follows a backslash, and the byte that it stands for; 0 where it is no escape of one letter."""
for _written, _meant in zip(b'"\\/bfnrt', b'"\\/\b\f\n\r\t', strict=True):
    _SIMPLE_ESCAPES[_written] = _meant
_HEX = np.full(256, -1, dtype=np.int64)
for _digit in b"0123456789abcdefABCDEF":
    _HEX[_digit] = int(chr(_digit), 16)

_MOST_DIGITS = 15
"""A whole number of so many digits is exact as a float, and so is its one division by a power of ten rounded right."""
_POWERS = 10.0 ** np.arange(_MOST_DIGITS + 1)

_NOT_PLAIN = -1
_UNKNOWN = -1


def compiled(kernel: Kernel) -> Kernel:
    """Compile a function whose arrays all belong to its caller.

    So none of them need be counted, which took four fifths of the time of `scan`. The setting is numba's own; all
    versions that pyproject.toml admits have it.
    """
    settings: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
    return cast("Kernel", njit(**settings)(kernel))


inlined = njit(cache=True, nogil=True, inline="always")


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
            if at == _NOT_PLAIN:
                break
            place += 1
            if field != _UNKNOWN and found[0][field, line] != -1:
                break
            at = _value(block, _skip_space(block, at + 2), highest, field, line, keys, found)
            if at == _NOT_PLAIN:
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
    at, escapes = _text_end(block, begin, highest)
    if at == _NOT_PLAIN or escapes or block[at + 1] != _COLON:
        return _NOT_PLAIN, _UNKNOWN
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
        at, escapes = _text_end(block, begin, highest)
        if at == _NOT_PLAIN:
            return _NOT_PLAIN
        if numeric and at > begin:
            end, number, _ = _number(block, begin, True)
            if end != at:
                return _NOT_PLAIN
            first[field, line], numbers[field, line] = begin, number
        elif field >= 0 and not numeric:
            first[field, line], last[field, line], escaped[field, line] = begin, at, escapes
        return at + 1
    if block[at] == 110 and block[at + 1] == 117 and block[at + 2] == 108 and block[at + 3] == 108:  # null
        return at + 4
    end, number, digits_only = _number(block, at, False)
    if end == _NOT_PLAIN or (field >= 0 and not numeric and not digits_only):
        return _NOT_PLAIN
    if numeric:
        first[field, line], numbers[field, line] = at, number
    elif field >= 0:
        # a number where a text belongs reads as it is written
        first[field, line], last[field, line] = at, end
    return int(end)


@inlined
def _text_end(block: Bytes, at: int, highest: int) -> Any:  # noqa: ANN401 - a pair of int and bool
    """Where the text that begins at `at` is closed, and whether it holds escapes; -1 where it is not plain."""
    escapes = False
    while True:
        step = to_special(block, at, highest) if at + WIDTH <= len(block) else _slowly_to_special(block, at, highest)
        at += step
        if step == WIDTH:
            continue
        byte = block[at]
        if byte == _QUOTE:
            return at, escapes
        if byte != _BACKSLASH:
            return _NOT_PLAIN, escapes
        escapes = True
        at += 1
        if block[at] == 117:  # u
            code = _code(block, at + 1)
            # NUL is left out of texts, and surrogates come in pairs: both are for the parser of single lines.
            if code <= 0 or 0xD800 <= code < 0xE000:
                return _NOT_PLAIN, escapes
            at += 4
        elif _SIMPLE_ESCAPES[block[at]] == 0:
            return _NOT_PLAIN, escapes
        at += 1


@compiled
def _slowly_to_special(block: Bytes, at: int, highest: int) -> int:
    """The same look byte by byte, at most `WIDTH` of them, near the end of a block: the line end is the last one."""
    for step in range(WIDTH):
        byte = block[at + step]
        if byte in (_QUOTE, _BACKSLASH) or byte < _SPACE or byte > highest:
            return step
    return WIDTH


@compiled
def _code(block: Bytes, at: int) -> int:
    """The number that four hexadecimal digits write; -1 where they are none."""
    code = 0
    for place in range(4):
        digit = _HEX[block[at + place]]
        if digit < 0:
            return -1
        code = code * 16 + digit
    return code


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
        return _NOT_PLAIN, 0.0, False
    decimals = 0
    if block[at] == _POINT:
        at += 1
        while _ZERO <= block[at] <= _NINE and whole + decimals <= _MOST_DIGITS:
            digits = digits * 10 + (block[at] - _ZERO)
            decimals += 1
            at += 1
        if decimals == 0:
            return _NOT_PLAIN, 0.0, False
    if whole + decimals > _MOST_DIGITS or block[at] == 101 or block[at] == 69:  # e, E
        return _NOT_PLAIN, 0.0, False
    value = digits / _POWERS[decimals]
    return at, -value if negative else value, not negative and decimals == 0


@compiled
def gather(
    block: Bytes, first: Positions, last: Positions, escaped: Mask, offsets: npt.NDArray[np.int32], texts: Bytes
) -> None:
    """Fill `texts` with those of one field one after the other, unescaped; `offsets` tells them apart, as in Arrow.

    `texts` needs room for them as they are written, and `WIDTH` bytes more.
    """
    size = 0
    for line in range(len(first)):
        begin = first[line]
        if begin >= 0 and escaped[line]:
            size = _unescape(block, begin, last[line], texts, size)
        elif begin >= 0:
            size = _append(block, begin, last[line], texts, size)
        offsets[line + 1] = size


@inlined
def _append(block: Bytes, at: int, end: int, texts: Bytes, size: int) -> int:
    """Copy a text, and what stands behind it, which the next text is written over; returns the size reached."""
    while at < end and at + WIDTH <= len(block):
        copy(block, at, texts, size)
        step = min(WIDTH, end - at)
        at += step
        size += step
    while at < end:
        texts[size] = block[at]
        at += 1
        size += 1
    return size


@compiled
def _unescape(block: Bytes, at: int, end: int, texts: Bytes, size: int) -> int:
    """Copy a text with its escapes resolved; returns the size reached. An escape is never shorter than its meaning."""
    while at < end:
        byte = block[at]
        at += 1
        if byte == _BACKSLASH:
            if block[at] == 117:  # u
                size = _encode(_code(block, at + 1), texts, size)
                at += 5
                continue
            byte = _SIMPLE_ESCAPES[block[at]]
            at += 1
        texts[size] = byte
        size += 1
    return size


@compiled
def _encode(code: int, texts: Bytes, size: int) -> int:
    """Append one character as UTF-8 (RFC 3629, section 3)."""
    if code < 0x80:
        texts[size] = code
        return size + 1
    if code < 0x800:
        texts[size] = 0xC0 | code >> 6
        texts[size + 1] = 0x80 | code & 0x3F
        return size + 2
    texts[size] = 0xE0 | code >> 12
    texts[size + 1] = 0x80 | code >> 6 & 0x3F
    texts[size + 2] = 0x80 | code & 0x3F
    return size + 3
