"""The first scan of new files: whether the content is known, can be read to its end, and what of it is new."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from spark_assets.ingest.reading import CHUNK_BYTES, open_stream
from spark_assets.json_scanner.simd import count_line_ends
from spark_assets.lake import storage
from spark_assets.lake.ledger import LogFile

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
from collections.abc import Sequence

from spark_assets.lake.ledger import FileEntry, Ledger

RANGE_BYTES = 64 * 1024 * 1024
"""Plain files are cut into ranges of this size, so that one 12 GB file keeps every core busy."""

_LOOK_BYTES = 256 * 1024
"""Bytes looked at in one go: three looks at them (hash, line ends, the last line end) find them in a core's cache."""


@dataclass(frozen=True)
class SurveyedRange:
    """A byte range of a file (stored bytes), its hash, and the line ends (`\\n`) within it."""

    file: LogFile
    start: int
    end: int
    digest: str = ""
    line_ends: int = 0
    whole_lines: int = 0
    """Where in the file the last line end of the range stops; 0 without one."""
    damage: str | None = None
    """Why a compressed file cannot be read to its end; None when it can."""


@dataclass(frozen=True)
class SurveyedFile:
    """A file after the first look: hash over the hashes of its ranges, and the ranges in order."""

    file: LogFile
    content_hash: str
    ranges: tuple[SurveyedRange, ...] = field(default=())
    prefix_hash: str | None = None
    """What the content hash would be if the file ended at its `known_size`; None where none was asked for."""

    @property
    def line_ends(self) -> int:
        """Line ends in a plain file."""
        return sum(item.line_ends for item in self.ranges)

    @property
    def whole_lines(self) -> int:
        """Bytes of a plain file up to its last line end."""
        return max((item.whole_lines for item in self.ranges), default=0)

    @property
    def damage(self) -> str | None:
        """Why the file cannot be read, or None."""
        return next((item.damage for item in self.ranges if item.damage), None)


def survey(
    spark: "SparkSession", inbox: str, files: Iterable[LogFile], known_sizes: Mapping[str, int] | None = None
) -> list[SurveyedFile]:
    """Look at each file once, in parallel over ranges; returns them in the order given.

    `known_sizes` names files that were shorter when last ingested, and that size: their `prefix_hash` tells whether
    they were only appended to.
    """
    ordered = list(files)
    sizes = known_sizes or {}
    ranges = [item for file in ordered for item in _ranges(file)]
    ranges += [_tail(file, sizes[file.name]) for file in ordered if file.name in sizes]
    if not ranges:
        return []
    slices = min(len(ranges), 8 * spark.sparkContext.defaultParallelism)
    seen = spark.sparkContext.parallelize(ranges, slices).map(lambda item: _look(inbox, item)).collect()
    by_file: dict[str, list[SurveyedRange]] = {}
    for item in seen:
        by_file.setdefault(item.file.name, []).append(item)
    return [_put_together(file, by_file[file.name], sizes.get(file.name)) for file in ordered]


def _ranges(file: LogFile) -> Iterator[SurveyedRange]:
    step = max(file.size, 1) if file.compressed else RANGE_BYTES
    for start in range(0, max(file.size, 1), step):
        yield SurveyedRange(file, start, min(start + step, file.size))


def _tail(file: LogFile, known_size: int) -> SurveyedRange:
    """The last range that the file had at its known size."""
    return SurveyedRange(file, max(known_size - 1, 0) // RANGE_BYTES * RANGE_BYTES, known_size)


def _look(inbox: str, item: SurveyedRange) -> SurveyedRange:
    try:
        looked = _read(inbox, item)
        if item.file.compressed:
            _unpack(inbox, item.file)
    except (OSError, EOFError, zlib.error) as error:
        return replace(item, damage=_damage(error))
    return looked


def _read(inbox: str, item: SurveyedRange) -> SurveyedRange:
    filesystem, path = storage.resolve(storage.join(inbox, item.file.name))
    digest = hashlib.sha256()
    line_ends = whole_lines = 0
    with filesystem.open_input_file(path) as stream:
        stream.seek(item.start)
        left = item.end - item.start
        while left > 0 and (chunk := stream.read(min(_LOOK_BYTES, left))):
            digest.update(chunk)
            line_ends += count_line_ends(chunk)
            if (last := chunk.rfind(b"\n")) >= 0:
                whole_lines = item.end - left + last + 1
            left -= len(chunk)
    return replace(item, digest=digest.hexdigest(), line_ends=line_ends, whole_lines=whole_lines)


def _unpack(inbox: str, file: LogFile) -> None:
    """Read a compressed file to its end; an upload that broke off shows only there."""
    with open_stream(inbox, file) as stream:
        while stream.read(CHUNK_BYTES):
            pass


def _damage(error: Exception) -> str:
    """Say why a file cannot be read; an error of the disk or the object store is not the file's, and is raised."""
    if isinstance(error, FileNotFoundError | PermissionError):
        return "it may not be read" if isinstance(error, PermissionError) else "it is gone"
    if isinstance(error, OSError) and (error.errno or "AWS" in str(error)):
        raise error
    return str(error)


def _put_together(file: LogFile, ranges: list[SurveyedRange], known_size: int | None) -> SurveyedFile:
    # By bounds, as the tail is looked at twice where the known size lies at the end of a range.
    looked = {(item.start, item.end): item for item in ranges}
    ordered = tuple(looked[item.start, item.end] for item in _ranges(file))
    if known_size is None:
        return SurveyedFile(file, _hash(ordered), ordered)
    tail = next(item for item in ranges if item.end == known_size)
    prefix = [item for item in ordered if item.end <= tail.start]
    return SurveyedFile(file, _hash(ordered), ordered, _hash([*prefix, tail]))


def _hash(ranges: Iterable[SurveyedRange]) -> str:
    return hashlib.sha256("".join(item.digest for item in ranges).encode()).hexdigest()


@dataclass(frozen=True)
class NewContent:
    """A file to read from `from_byte` on, where `lines_before` lines have ended."""

    surveyed: SurveyedFile
    from_byte: int = 0
    lines_before: int = 0
    continues: int | None = None
    """Number of the batch that held the file before it was appended to; None if it was not."""


@dataclass(frozen=True)
class Duplicate:
    """A file whose whole content came before under the name `first`."""

    surveyed: SurveyedFile
    first: str
    continues: int | None = None
    """As in `NewContent`."""


@dataclass(frozen=True)
class Novelty:
    """The files of a batch in two heaps, and those that cannot be read."""

    new: tuple[NewContent, ...]
    duplicates: tuple[Duplicate, ...]
    damaged: dict[str, str]
    """Why each unreadable file is so: left in the inbox for a whole copy to replace it."""


def known_sizes(ledger: Ledger, files: Sequence[LogFile]) -> dict[str, int]:
    """Sizes of those plain files that have grown since they were last ingested."""
    latest = ledger.latest_by_name()
    return {
        file.name: latest[file.name]["size"]
        for file in files
        if file.name in latest and not file.compressed and 0 < latest[file.name]["size"] < file.size
    }


def part(ledger: Ledger, surveyed: Sequence[SurveyedFile]) -> Novelty:
    """Tell new content from content that came before.

    A file that was only appended to is read from its last whole line: a line cut short then is read again, whole.
    """
    names = ledger.names_by_hash()
    in_ledger = set(names)
    latest = ledger.latest_by_name()
    batches = ledger.first_batches()
    new: list[NewContent] = []
    duplicates: list[Duplicate] = []
    for item in surveyed:
        if item.damage:
            continue
        first = names.setdefault(item.content_hash, item.file.name)
        before = _appended_to(item, latest.get(item.file.name))
        continues = None if before is None else batches[before["name"], before["content_hash"]]
        came_before = item.content_hash in in_ledger or first != item.file.name
        if came_before and item.file.size > 0:
            duplicates.append(Duplicate(item, first, continues))
        elif before is None:
            new.append(NewContent(item))
        else:
            new.append(NewContent(item, before["whole_lines"], before["line_ends"], continues))
    damaged = {item.file.name: item.damage for item in surveyed if item.damage}
    return Novelty(tuple(new), tuple(duplicates), damaged)


def _appended_to(item: SurveyedFile, before: FileEntry | None) -> FileEntry | None:
    """The newest entry of a file if more was appended since, else None."""
    return before if before is not None and item.prefix_hash == before["content_hash"] else None
