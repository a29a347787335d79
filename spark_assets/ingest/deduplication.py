"""Events that are in the lake already, or twice in the batch, so that each event counts once.

Keys are compared first; only where two keys meet are the whole events compared. So an event is left out only when
another one agrees with it in every column. Repeats within a file are found before it is written (`once`), repeats
between files afterwards, day by day, and only where the files' times overlap (`leave_out_repeats`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from spark_assets.lake import storage
from spark_assets.lake.batch_files import WrittenFile, open_parquet, read_table, write_table
from spark_assets.lake.event_extents import KEY_COLUMNS, Keys, Span, keys_of, overlapping_groups
from spark_assets.lake.schema import CONTENT_SCHEMA, EVENT_SCHEMA, SOURCE

_ROW = "_row"

Rows = npt.NDArray[np.int64]


def once(events: pa.Table) -> tuple[pa.Table, Counter[int]]:
    """The events without repeats of earlier rows, and how many each `source` repeated."""
    met = _met_twice([keys_of(events)])
    if not len(met):
        return events, Counter()
    candidates = np.flatnonzero(np.isin(keys_of(events), met))
    repeated = _repeats(events.select(CONTENT_SCHEMA.names).take(pa.array(candidates)), candidates)
    return _drop(events, repeated)


@dataclass(frozen=True)
class Day:
    """The files of one UTC day: those of the batch at hand, and the folders in which earlier batches hold theirs."""

    day: date
    new: tuple[WrittenFile, ...]
    known: tuple[str, ...]


@dataclass
class DayResult:
    """Files of the batch for the day after its repeats are gone, and how many events each log file repeated."""

    files: list[WrittenFile]
    repeated: Counter[int] = field(default_factory=Counter)
    """Events left out, by `source`."""


def leave_out_repeats(events_uri: str, day: Day) -> DayResult:
    """Write the files of a day anew without the events that stand in another file.

    Files without repeats stay as they are. The old files are left for the driver to delete: a second attempt of the
    task still finds them.
    """
    known = [storage.join(folder, name) for folder in day.known for name, _ in storage.list_files(folder)]
    new = [storage.join(events_uri, file.path) for file in day.new]
    parts = _overlapping_parts([*known, *new])
    met = _met_twice([part.keys for part in parts])
    if not len(met):
        return DayResult(list(day.new))
    repeated = _repeated_rows(parts, met)
    result = DayResult([])
    for file, uri in zip(day.new, new, strict=True):
        result.files += _without(events_uri, file, uri, repeated.get(uri), result.repeated)
    return result


@dataclass(frozen=True)
class _Part:
    """The rows of a file that may have a repeat elsewhere: their keys, and the row group they stand in."""

    uri: str
    group: int
    first_row: int
    keys: Keys


def _overlapping_parts(uris: Sequence[str]) -> list[_Part]:
    """Row groups whose span of time meets that of another file, in the order of the files."""
    groups = [(uri, group) for uri in uris for group in _groups(uri)]
    spans = [(uri, group.span) for uri, group in groups]
    chosen = overlapping_groups(spans)
    return [
        _Part(uri, group.number, group.first_row, keys_of(read_table(uri, KEY_COLUMNS, group.number)))
        for index, (uri, group) in enumerate(groups)
        if index in chosen
    ]


@dataclass(frozen=True)
class _Group:
    number: int
    first_row: int
    span: Span


def _groups(uri: str) -> list[_Group]:
    """Row groups of a file with their spans of `event_at`, from its footer."""
    with open_parquet(uri) as file:
        footer = file.metadata
    column = footer.schema.names.index(EVENT_SCHEMA.names[0])
    rows = np.cumsum([0, *(footer.row_group(index).num_rows for index in range(footer.num_row_groups))])
    groups = []
    for index in range(footer.num_row_groups):
        times = footer.row_group(index).column(column).statistics
        groups.append(_Group(index, int(rows[index]), Span(times.min, times.max)))
    return groups


def _met_twice(keys: Sequence[Keys]) -> Keys:
    if not keys:
        return np.zeros(0, dtype=np.uint64)
    ordered = np.sort(np.concatenate(keys))
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def _repeated_rows(parts: Sequence[_Part], met: Keys) -> dict[str, Rows]:
    """Rows by file whose whole content stands in an earlier row or file."""
    candidates = [np.flatnonzero(np.isin(part.keys, met)) for part in parts]
    tables = [
        read_table(part.uri, CONTENT_SCHEMA.names, part.group).take(pa.array(rows))
        for part, rows in zip(parts, candidates, strict=True)
        if len(rows)
    ]
    bounds = np.cumsum([0, *map(len, candidates)])
    repeats = _repeats(pa.concat_tables(tables), np.arange(bounds[-1]))
    found: dict[str, Rows] = {}
    for part, rows, (low, high) in zip(parts, candidates, pairwise(bounds), strict=True):
        own = rows[repeats[(repeats >= low) & (repeats < high)] - low] + part.first_row
        found[part.uri] = np.concatenate([found.get(part.uri, np.zeros(0, dtype=np.int64)), own])
    return found


def _repeats(events: pa.Table, numbers: Rows) -> Rows:
    """Those of `numbers` whose event equals an earlier one in every column (nulls equal each other)."""
    numbered = events.append_column(_ROW, pa.array(numbers, pa.int64()))
    first = numbered.group_by(CONTENT_SCHEMA.names).aggregate([(_ROW, "min")])[f"{_ROW}_min"]
    return np.setdiff1d(numbers, first.to_numpy())


def _drop(events: pa.Table, repeated: Rows) -> tuple[pa.Table, Counter[int]]:
    kept = np.setdiff1d(np.arange(events.num_rows), repeated)
    return events.take(pa.array(kept)), Counter(pc.take(events[SOURCE], pa.array(repeated)).to_pylist())


def _without(
    events_uri: str, file: WrittenFile, uri: str, repeated_rows: Rows | None, repeated: Counter[int]
) -> list[WrittenFile]:
    if repeated_rows is None or not len(repeated_rows):
        return [file]
    kept, counts = _drop(read_table(uri, EVENT_SCHEMA.names), repeated_rows)
    repeated.update(counts)
    if not kept.num_rows:
        return []
    path = file.path.removesuffix(".parquet") + "-once.parquet"
    write_table(kept, storage.join(events_uri, path))
    return [WrittenFile.of(kept, path, file.event_date)]
