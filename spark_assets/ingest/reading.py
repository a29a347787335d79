"""Lines of a log file, or of a byte range of one, in blocks."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from spark_assets import storage
from spark_assets.ingest.discovery import LogFile

CHUNK_BYTES = 3 * 1024 * 1024
"""Bytes read at once, and so the size of a block: what is made of it nearly fits into a core's cache. Blocks of 2 MiB
take a twentieth longer, those of 6 MiB a little."""

_COMPRESSION = {".gz": "gzip", ".bz2": "bz2"}


@dataclass(frozen=True)
class Split:
    """The lines of `file` that begin in the bytes [start, end); `first_line` is the number of the first, from 1."""

    file: LogFile
    start: int
    end: int
    first_line: int


def open_stream(inbox: str, file: LogFile) -> pa.NativeFile:
    """Open a log file for reading from its start, unpacked."""
    filesystem, path = storage.resolve(storage.join(inbox, file.name))
    compression = next((kind for suffix, kind in _COMPRESSION.items() if file.name.endswith(suffix)), None)
    return filesystem.open_input_stream(path, compression=compression)


def read_blocks(inbox: str, split: Split) -> Iterator[bytes]:
    """Yield the lines of a split in blocks of about `CHUNK_BYTES`; only the last block may lack its last line end."""
    chunks = _whole_file(inbox, split.file) if split.file.compressed else _range(inbox, split)
    rest: list[bytes] = []
    for chunk in chunks:
        cut = chunk.rfind(b"\n") + 1
        if not cut:
            rest.append(chunk)
            continue
        yield b"".join([*rest, memoryview(chunk)[:cut]])
        rest = [chunk[cut:]] if cut < len(chunk) else []
    if rest:
        yield b"".join(rest)


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
