"""Where the objects of one line begin: some writers put them one behind the other, or end their lines otherwise.

Kinesis Firehose writes no line ends, old programs a carriage return alone, and RFC 7464 a record separator (0x1E)
before each text. Neither byte may stand in a JSON text, so that an object right behind one begins a record.
"""

import numpy as np

from spark_assets.json_scanner.simd import Bytes, Positions, compiled, inlined

BLANKS = b" \t\r\x1e"
"""Bytes between the objects of a line."""

_LINE_END, _RETURN, _SEPARATOR = 10, 13, 30
_QUOTE, _BACKSLASH, _SPACE, _TAB = 34, 92, 32, 9
_OPENING, _CLOSING, _OPENING_LIST, _CLOSING_LIST = 123, 125, 91, 93

_DEPTH, _TEXT, _CLOSED, _SEPARATED = range(4)
_STATES = 4
_IN_TEXT, _ESCAPED = 1, 2


def new_state() -> Positions:
    """Return the state of `next_record` at the beginning of a record."""
    return np.zeros(_STATES, dtype=np.int64)


def record_starts(line: bytes) -> list[int]:
    """Return where each record of a line begins, 0 first; blanks count to the record before them."""
    letters = np.frombuffer(line, dtype=np.uint8)
    starts, state = [0], new_state()
    while (at := int(next_record(letters, starts[-1], len(line), state))) < len(line):
        starts.append(at)
        state[:] = 0
    return starts


@inlined
def _text_after(text: int, byte: int) -> int:
    """Return the state within a text after one more byte of it; 0 where the text ends."""
    if text == _ESCAPED:
        return _IN_TEXT
    if byte == _BACKSLASH:
        return _ESCAPED
    return 0 if byte == _QUOTE else _IN_TEXT


@compiled
def next_record(block: Bytes, at: int, end: int, state: Positions) -> int:
    """Return where before `end` the next record begins, or the line ends; `end` where neither does.

    `state` is that of the record at `at`, and goes on where its bytes come in several blocks.
    """
    depth, text, closed, separated = state[_DEPTH], state[_TEXT], state[_CLOSED], state[_SEPARATED]
    while at < end:
        byte = block[at]
        if byte == _LINE_END or (byte == _OPENING and (separated or closed)):
            break
        separated = byte in (_RETURN, _SEPARATOR)
        if text:
            text = _text_after(text, byte)
        elif byte == _QUOTE:
            text, closed = _IN_TEXT, 0
        elif byte in (_OPENING, _OPENING_LIST):
            depth, closed = depth + 1, 0
        elif byte in (_CLOSING, _CLOSING_LIST):
            depth -= 1
            closed = int(depth == 0 and byte == _CLOSING)
        elif byte not in (_SPACE, _TAB, _RETURN, _SEPARATOR):
            closed = 0
        at += 1
    state[_DEPTH], state[_TEXT], state[_CLOSED], state[_SEPARATED] = depth, text, closed, int(separated)
    return at
