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
    # Room for line ends alone: what is not written to takes no memory.
    found = np.empty(len(text), dtype=np.int64)
    return found[: _find(text, found)].copy()


@compiled
def _count(text: Bytes) -> int:
    count = 0
    for byte in text:
        count += byte == _LINE_END
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
        if text[place] == _LINE_END:
            found[count] = place
            count += 1
    return count
