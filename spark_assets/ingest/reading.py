"""Lines of a log file, or of a byte range of one, in blocks."""

import bz2
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

import numpy as np

from spark_assets.json_scanner.records import BLANKS, new_state, next_record
from spark_assets.json_scanner.scanner import LONGEST_LINE_BYTES
from spark_assets.lake import storage
from spark_assets.lake.ledger import LogFile

CHUNK_BYTES = 3 * 1024 * 1024
"""Bytes read at once, and so the size of a block: what is made of it nearly fits into a core's cache. Blocks of 2 MiB
take a twentieth longer, those of 6 MiB a little."""


@dataclass(frozen=True)
class Split:
    """The lines of `file` that begin in the bytes [start, end); `first_line` is the number of the first, from 1."""

    file: LogFile
    start: int
    end: int
    first_line: int


@dataclass(frozen=True)
class Block:
    """Lines of a split. The last one goes on in the next block where `goes_on` is true.

    `left_out` counts bytes of the last line that are not in `data`: of a record longer than `LONGEST_LINE_BYTES` only
    so many, and one more, are kept in memory.
    """

    data: bytes
    goes_on: bool = False
    left_out: int = 0


def open_stream(inbox: str, file: LogFile) -> BinaryIO:
    """Open a log file for reading from its start, unpacked as `gzip -d` and `bzip2 -d` do it.

    Several archives one behind the other are one, and zeros behind the last are padding.
    """
    filesystem, path = storage.resolve(storage.join(inbox, file.name))
    stream = cast("BinaryIO", filesystem.open_input_stream(path, compression=None))
    if file.name.endswith(".gz"):
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    return cast("BinaryIO", bz2.BZ2File(stream)) if file.name.endswith(".bz2") else stream


def read_blocks(inbox: str, split: Split) -> Iterator[Block]:
    """Yield the lines of a split in blocks of about `CHUNK_BYTES`; only the last block may lack its last line end.

    Whatever the lines are like, no more than a block and `LONGEST_LINE_BYTES` is held in memory.
    """
    cutter = _Cutter()
    for chunk in _whole_file(inbox, split.file) if split.file.compressed else _range(inbox, split):
        yield from cutter.add(chunk)
    yield from cutter.close()


class _Cutter:
    """Cuts a stream of bytes into blocks of whole lines, and long lines into blocks of whole records."""

    def __init__(self) -> None:
        self._rest = b""
        """Of the last line, from the beginning of a record on."""
        self._head: bytes | None = None
        """The beginning of a record that is too long; the rest is counted and thrown away."""
        self._left_out = 0
        self._state = new_state()

    def add(self, chunk: bytes) -> Iterator[Block]:
        if self._head is not None:
            at = int(next_record(np.frombuffer(chunk, dtype=np.uint8), 0, len(chunk), self._state))
            self._left_out += at
            if at == len(chunk):
                return
            ends = chunk[at : at + 1] == b"\n"
            yield Block(self._head, goes_on=not ends, left_out=self._left_out)
            self._head, chunk = None, chunk[at + ends :]
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield Block(b"".join([self._rest, memoryview(chunk)[:cut]]))
        self._rest = chunk[cut:] if cut else self._rest + chunk
        if len(self._rest) > LONGEST_LINE_BYTES:
            yield from self._shorten()

    def _shorten(self) -> Iterator[Block]:
        rest = self._rest.lstrip(BLANKS)
        letters = np.frombuffer(rest, dtype=np.uint8)
        last = at = 0
        self._state[:] = 0
        while (at := int(next_record(letters, at, len(rest), self._state))) < len(rest):
            last = at
            self._state[:] = 0
        if last:
            yield Block(rest[:last], goes_on=True)
        self._rest = rest[last:]
        if len(self._rest) > LONGEST_LINE_BYTES:
            self._head, self._rest = self._rest[: LONGEST_LINE_BYTES + 1], b""
            self._left_out = len(rest) - last - len(self._head)

    def close(self) -> Iterator[Block]:
        if self._head is not None:
            yield Block(self._head, left_out=self._left_out)
        elif self._rest:
            yield Block(self._rest)


def _whole_file(inbox: str, file: LogFile) -> Iterator[bytes]:
    with open_stream(inbox, file) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def _range(inbox: str, split: Split) -> Iterator[bytes]:
    """Bytes from the first line that begins in the range to the end of the last one that does."""
    filesystem, path = storage.resolve(storage.join(inbox, split.file.name))
    with filesystem.open_input_file(path) as stream:
        # A line belongs to the range in which it begins: one byte back tells whether a line begins at `start`.
        position = max(split.start - 1, 0)
        stream.seek(position)
        skipping = split.start > 0
        # The file may be growing: bytes past the size that was surveyed wait for the next batch.
        while chunk := stream.read(min(CHUNK_BYTES, split.file.size - position)):
            begin = position
            position += len(chunk)
            if skipping:
                first_end = chunk.find(b"\n") + 1
                if not first_end:
                    continue
                skipping = False
                chunk, begin = chunk[first_end:], begin + first_end
                if begin >= split.end:
                    return
            last = _end_of_last_line(chunk, split.end - begin)
            yield chunk[:last]
            if begin + last >= split.end and chunk[:last].endswith(b"\n"):
                return


def _end_of_last_line(chunk: bytes, limit: int) -> int:
    """Length of the chunk up to the end of the line that holds byte `limit - 1`; the whole chunk if it ends later."""
    if limit > len(chunk):
        return len(chunk)
    end = chunk.find(b"\n", max(limit - 1, 0))
    return len(chunk) if end < 0 else end + 1
