"""The fast way through a block of log lines: compiled code that reads plain lines of flat JSON straight into columns.

A line is *plain* when it is one flat object whose texts, whole or decimal numbers and nulls are written without frills:
what log writers write. Of a plain line every byte has been looked at, so it needs no second opinion; every other line,
good or bad, is left to the parser of single lines (`parsing`), which knows all of JSON and names what is wrong.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from spark_assets.json_scanner import field_kernels, text_kernels
from spark_assets.json_scanner.records import BLANKS, record_starts
from spark_assets.json_scanner.simd import KEY_WIDTH, WIDTH, Bytes, Mask, Positions, line_ends
from spark_assets.lake.schema import LOG_FIELDS, RAW_SCHEMA

LONGEST_LINE_BYTES = 1024 * 1024
"""A log line has some 500 bytes; one of more than a megabyte is not worth the memory of parsing it."""

_MAX_LINES = 65_536
"""Lines scanned at once, which takes 400 bytes each: a block of usual lines holds a tenth of it."""

_CARRIAGE_RETURN = ord("\r")

_KEYS = [field.key.encode() for field in LOG_FIELDS]
_KEY_LENGTHS = np.array([len(key) for key in _KEYS], dtype=np.int64)
_KEY_BYTES = np.frombuffer(b"".join((key + b'":').ljust(KEY_WIDTH, b"\0") for key in _KEYS), dtype=np.uint8)
_MOST_KEYS = 64
"""Keys of a line whose order is remembered for the next one."""
_NUMERIC = np.array([field.numeric for field in LOG_FIELDS])


@dataclass(frozen=True)
class Lines:
    """Where the lines of a block begin and end, without their ends (`\\n` or `\\r\\n`), blank ones included.

    A line of several records stands here once for each of them; `numbers` then tells the places of the lines.
    """

    block: bytes
    starts: Positions
    ends: Positions
    numbers: Positions | None = None

    @classmethod
    def of(cls, block: bytes) -> "Lines":
        """The lines of a block; only the last may lack its line end, and is given one."""
        closed = block if block.endswith(b"\n") or not block else block + b"\n"
        characters = np.frombuffer(closed, dtype=np.uint8)
        breaks = line_ends(characters)
        starts = np.concatenate([[0], breaks[:-1] + 1]) if len(breaks) else breaks
        returned = characters[np.maximum(breaks - 1, 0)] == _CARRIAGE_RETURN
        return cls(closed, starts, breaks - (returned & (breaks > starts)))

    def number(self, index: int) -> int:
        """Return the place, from 0, of the line that a record stands on."""
        return index if self.numbers is None else int(self.numbers[index])

    def parts(self) -> Iterator["Lines"]:
        """Yield the lines in parts of at most `_MAX_LINES`, so that short lines do not take memory for long ones."""
        for first in range(0, len(self), _MAX_LINES):
            yield Lines(self.block, self.starts[first : first + _MAX_LINES], self.ends[first : first + _MAX_LINES])

    def divided(self, indexes: Sequence[int]) -> "Lines | None":
        """Return the lines with some of them as their records, blank ones left out; None if each is one record."""
        starts, ends, numbers = [], [], []
        for index in indexes:
            line = self[index]
            found = record_starts(line)
            if len(found) == 1:
                continue
            for begin, end in pairwise([*found, len(line)]):
                if line[begin:end].strip(BLANKS):
                    starts.append(int(self.starts[index]) + begin)
                    ends.append(int(self.starts[index]) + begin + len(line[begin:end].rstrip(BLANKS)))
                    numbers.append(index)
        if not numbers:
            return None
        whole = np.setdiff1d(np.arange(len(self)), numbers)
        order = np.argsort(np.concatenate([whole, numbers]), kind="stable")
        return Lines(
            self.block,
            np.concatenate([self.starts[whole], starts])[order],
            np.concatenate([self.ends[whole], ends])[order],
            np.concatenate([whole, numbers])[order],
        )

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, index: int) -> bytes:
        return self.block[self.starts[index] : self.ends[index]]

    def __iter__(self) -> Iterator[bytes]:
        return map(self.__getitem__, range(len(self)))


def scan(lines: Lines) -> tuple[pa.Table, Mask]:
    """Rows of `RAW_SCHEMA` of the plain lines, in order, and which lines are plain."""
    characters = np.frombuffer(lines.block, dtype=np.uint8)
    shape = (len(LOG_FIELDS), len(lines))
    first = np.full(shape, -1, dtype=np.int64)
    last = np.empty(shape, dtype=np.int64)
    escaped = np.zeros(shape, dtype=np.bool_)
    numbers = np.zeros(shape)
    plain = np.zeros(len(lines), dtype=np.bool_)
    keys = (_KEY_BYTES, _KEY_LENGTHS, _NUMERIC)
    order = np.full(_MOST_KEYS, -1, dtype=np.int64)
    # An overlong line is as good as empty here.
    ends = np.where(lines.ends - lines.starts > LONGEST_LINE_BYTES, lines.starts, lines.ends)
    field_kernels.scan(
        characters, (lines.starts, ends), keys, _is_utf8(lines.block), order, (first, last, escaped, numbers), plain
    )
    columns = [
        _numbers(numbers[index], first[index] >= 0)
        if field.numeric
        else _texts(characters, first[index], last[index], escaped[index])
        for index, field in enumerate(LOG_FIELDS)
    ]
    rows = pa.table(columns, schema=RAW_SCHEMA)
    return rows if plain.all() else rows.filter(pa.array(plain)), plain


def _numbers(values: npt.NDArray[np.float64], known: Mask) -> pa.Array:
    return pa.Array.from_buffers(pa.float64(), len(values), [_bits(known), pa.py_buffer(values)])


def _texts(characters: Bytes, first: Positions, last: Positions, escaped: Mask) -> pa.Array:
    offsets = np.zeros(len(first) + 1, dtype=np.int32)
    texts = np.empty(text_kernels.written(first, last) + WIDTH, dtype=np.uint8)
    text_kernels.gather(characters, first, last, escaped, offsets, texts)
    buffers: Sequence[pa.Buffer] = [_bits(first >= 0), pa.py_buffer(offsets), pa.py_buffer(texts[: offsets[-1]])]
    return pa.Array.from_buffers(pa.string(), len(first), buffers)


def _bits(known: Mask) -> pa.Buffer:
    return pa.py_buffer(np.packbits(known, bitorder="little"))


def _is_utf8(block: bytes) -> bool:
    """Whether all of a block is valid UTF-8: one look at the whole, without copying it."""
    offsets = np.array([0, len(block)], dtype=np.int64)
    whole = pa.LargeStringArray.from_buffers(1, pa.py_buffer(offsets), pa.py_buffer(block))
    try:
        whole.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
