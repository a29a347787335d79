"""The loops of `scanning` that go through texts: where a text ends, and its copy with escapes resolved.

Every loop ends at the latest at the line end, which no text holds: so a position can never leave the block.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from spark_assets.json_scanner.simd import WIDTH, Bytes, Mask, Positions, compiled, copy, inlined, to_special

_BUILT_ON = 84_436_930_923_668
"""Digest of what is compiled into this module from others: numba keeps its code until this very file changes."""

NOT_PLAIN = -1

_QUOTE, _BACKSLASH, _SPACE = b'"\\ '
_SIMPLE_ESCAPES = np.zeros(256, dtype=np.uint8)
"""What follows a backslash, and the byte that it stands for; 0 where it is no escape of one letter."""
for _written, _meant in zip(b'"\\/bfnrt', b'"\\/\b\f\n\r\t', strict=True):
    _SIMPLE_ESCAPES[_written] = _meant
_HEX = np.full(256, -1, dtype=np.int64)
for _digit in b"0123456789abcdefABCDEF":
    _HEX[_digit] = int(chr(_digit), 16)


@inlined
def text_end(block: Bytes, at: int, highest: int) -> Any:  # noqa: ANN401 - a pair of int and bool
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
            return NOT_PLAIN, escapes
        escapes = True
        at += 1
        if block[at] == 117:  # u
            code = _code(block, at + 1)
            # NUL is refused later, and surrogates come in pairs: both are for the parser of single lines.
            if code <= 0 or 0xD800 <= code < 0xE000:
                return NOT_PLAIN, escapes
            at += 4
        elif _SIMPLE_ESCAPES[block[at]] == 0:
            return NOT_PLAIN, escapes
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


@compiled
def written(first: Positions, last: Positions) -> int:
    """Bytes of the texts of one field as they are written."""
    size = 0
    for line in range(len(first)):
        if first[line] >= 0:
            size += last[line] - first[line]
    return size


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
    """Copy a text with its escapes resolved, and what stands behind it; returns the size reached.

    An escape is never shorter than its meaning.
    """
    while at < end:
        if at + WIDTH <= len(block):
            copy(block, at, texts, size)
            step = min(to_special(block, at, 255), end - at)
            at += step
            size += step
            if step == WIDTH or at == end:
                continue
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
