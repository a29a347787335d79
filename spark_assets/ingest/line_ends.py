"""Line ends of a text: how many, and where."""

import numpy as np

from spark_assets.ingest.compiling import Bytes, Positions, compiled
from spark_assets.ingest.vectors import WIDTH, to_line_end

_BUILT_ON = 115_943_128_308_441
"""Digest of what is compiled into this module from others: numba keeps its code until this very file changes."""

_LINE_END = ord("\n")


def count_line_ends(text: bytes) -> int:
    """Count by compiled code that looks at many bytes at once; `bytes.count` stops at each that it finds."""
    return int(_count(np.frombuffer(text, dtype=np.uint8)))


def line_ends(text: Bytes) -> Positions:
    """Where the line ends stand, in order."""
    found = np.empty(_count(text), dtype=np.int64)
    _find(text, found)
    return found


@compiled
def _count(text: Bytes) -> int:
    count = 0
    for byte in text:
        count += byte == _LINE_END
    return count


@compiled
def _find(text: Bytes, found: Positions) -> None:
    """Fill `found` with the places of the first line ends of a text, which has as many."""
    at = 0
    for place in range(len(found)):
        step = WIDTH
        while step == WIDTH and at + WIDTH <= len(text):
            step = to_line_end(text, at)
            at += step
        while text[at] != _LINE_END:
            at += 1
        found[place] = at
        at += 1
