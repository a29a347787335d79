"""The inner loops of `scanning`, compiled at first use (about 6 s) and then kept on disk where that can be written.

Every loop ends at the latest at the line end, which no rule lets pass: so a position can never leave the block.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
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

compiled = njit(cache=True, nogil=True)
inlined = njit(cache=True, nogil=True, inline="always")  # a quarter faster than calls with their many arrays


@compiled
def scan(
    block: Bytes,
    bounds: tuple[Positions, Positions],
    keys: tuple[Bytes, Positions, Mask],
    utf8: bool,
    found: Found,
    plain: Mask,
) -> None:
    """Read each line; what its fields hold goes to `found`, and `plain` becomes true where it was read to its end."""
    starts, ends = bounds
    for line in range(len(starts)):
        at = starts[line]
        if at >= ends[line] or block[at] != _OPENING:
            continue
        guess = 0
        while True:
            at = _skip_space(block, at + 1)
            if block[at] != _QUOTE:
                break
            key = at + 1
            at, escapes = _text_end(block, key, utf8)
            if at == _NOT_PLAIN or escapes or block[at + 1] != _COLON:
                break
            field = _field_of(block, key, at, keys, guess)
            if field >= 0:
                guess = field + 1
                if found[0][field, line] != -1:
                    break
            at = _value(block, _skip_space(block, at + 2), utf8, field, line, keys, found)
            if at == _NOT_PLAIN:
                break
            if block[at] != _COMMA:
                plain[line] = block[at] == _CLOSING and at + 1 == ends[line]
                break


@inlined
def _skip_space(block: Bytes, at: int) -> int:
    """The place after one space, if there is one: some writers put it after colons and commas."""
    return at + 1 if block[at] == _SPACE else at


@inlined
def _value(block: Bytes, at: int, utf8: bool, field: int, line: int, keys: Any, found: Any) -> int:  # noqa: ANN401
    """Note the value that begins at `at` in its field (-1: none); returns where it ends, -1 where it is not plain."""
    first, last, escaped, numbers = found
    numeric = field >= 0 and keys[2][field]
    if block[at] == _QUOTE:
        begin = at + 1
        at, escapes = _text_end(block, begin, utf8)
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
def _text_end(block: Bytes, at: int, utf8: bool) -> Any:  # noqa: ANN401 - a pair of int and bool
    """Where the text that begins at `at` is closed, and whether it holds escapes; -1 where it is not plain."""
    escapes = False
    while True:
        byte = block[at]
        if byte == _QUOTE:
            return at, escapes
        if byte < _SPACE or (byte >= 128 and not utf8):
            return _NOT_PLAIN, escapes
        if byte == _BACKSLASH:
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
def _field_of(block: Bytes, begin: int, end: int, keys: Any, guess: int) -> int:  # noqa: ANN401 - a tuple of arrays
    """Which field a key names, tried from `guess` on, as keys mostly come in one order; -1 for none."""
    letters, lengths, _ = keys
    count = len(lengths)
    for turn in range(count):
        field = (guess + turn) % count
        if lengths[field] != end - begin:
            continue
        for place in range(end - begin):
            if letters[field, place] != block[begin + place]:
                break
        else:
            return field
    return -1


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
def gather(block: Bytes, first: Positions, last: Positions, escaped: Mask, offsets: npt.NDArray[np.int32]) -> Bytes:
    """The texts of one field one after the other, unescaped; `offsets` tells them apart, as in Arrow."""
    room = 0
    for line in range(len(first)):
        if first[line] >= 0:
            room += last[line] - first[line]
    texts = np.empty(room, dtype=np.uint8)
    size = 0
    for line in range(len(first)):
        begin = first[line]
        if begin >= 0 and escaped[line]:
            size = _unescape(block, begin, last[line], texts, size)
        elif begin >= 0:
            for at in range(begin, last[line]):
                texts[size] = block[at]
                size += 1
        offsets[line + 1] = size
    return texts[:size]


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
