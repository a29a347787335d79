"""The first look at new files: is the content known already, can it be read to its end, where do its lines fall?"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from spark_assets import storage
from spark_assets.ingest.discovery import LogFile
from spark_assets.ingest.reading import CHUNK_BYTES, open_stream

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

RANGE_BYTES = 64 * 1024 * 1024
"""Plain files are cut into ranges of this size, so that one 12 GB file keeps every core busy."""


@dataclass(frozen=True)
class SurveyedRange:
    """A byte range of a file (stored bytes), its hash, and the line ends (`\\n`) within it."""

    file: LogFile
    start: int
    end: int
    digest: str = ""
    line_ends: int = 0
    ends_line: bool = False
    """Whether the last byte is a line end, so that the next range begins a line."""
    damage: str | None = None
    """Why a compressed file cannot be read to its end; None when it can."""


@dataclass(frozen=True)
class SurveyedFile:
    """A file after the first look: hash over the hashes of its ranges, and the ranges in order."""

    file: LogFile
    content_hash: str
    ranges: tuple[SurveyedRange, ...] = field(default=())

    @property
    def damage(self) -> str | None:
        """Why the file cannot be read, or None."""
        return next((item.damage for item in self.ranges if item.damage), None)


def survey(spark: "SparkSession", inbox: str, files: Iterable[LogFile]) -> list[SurveyedFile]:
    """Look at each file once, in parallel over ranges; returns them in the order given."""
    ordered = list(files)
    ranges = [item for file in ordered for item in _ranges(file)]
    if not ranges:
        return []
    slices = min(len(ranges), 8 * spark.sparkContext.defaultParallelism)
    seen = spark.sparkContext.parallelize(ranges, slices).map(lambda item: _look(inbox, item)).collect()
    by_file: dict[str, list[SurveyedRange]] = {}
    for item in seen:
        by_file.setdefault(item.file.name, []).append(item)
    return [_put_together(file, by_file[file.name]) for file in ordered]


def _ranges(file: LogFile) -> Iterator[SurveyedRange]:
    step = max(file.size, 1) if file.compressed else RANGE_BYTES
    for start in range(0, max(file.size, 1), step):
        yield SurveyedRange(file, start, min(start + step, file.size))


def _look(inbox: str, item: SurveyedRange) -> SurveyedRange:
    filesystem, path = storage.resolve(storage.join(inbox, item.file.name))
    digest = hashlib.sha256()
    line_ends = 0
    ends_line = False
    with filesystem.open_input_file(path) as stream:
        stream.seek(item.start)
        left = item.end - item.start
        while left > 0 and (chunk := stream.read(min(CHUNK_BYTES, left))):
            digest.update(chunk)
            line_ends += chunk.count(b"\n")
            ends_line = chunk.endswith(b"\n")
            left -= len(chunk)
    looked = replace(item, digest=digest.hexdigest(), line_ends=line_ends, ends_line=ends_line)
    return replace(looked, damage=_damage(inbox, item.file)) if item.file.compressed else looked


def _damage(inbox: str, file: LogFile) -> str | None:
    """Read a compressed file to its end; an upload that broke off shows only there."""
    try:
        with open_stream(inbox, file) as stream:
            while stream.read(CHUNK_BYTES):
                pass
    except OSError as error:
        return str(error)
    return None


def _put_together(file: LogFile, ranges: list[SurveyedRange]) -> SurveyedFile:
    ordered = tuple(sorted(ranges, key=lambda item: item.start))
    whole = hashlib.sha256("".join(item.digest for item in ordered).encode())
    return SurveyedFile(file, whole.hexdigest(), ordered)
