"""One Spark task: read its splits, validate each line, write Parquet, and count."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from spark_assets.ingest.deduplication import once
from spark_assets.ingest.parsing import ParsedBlock, parse_block
from spark_assets.ingest.reading import Split, read_blocks
from spark_assets.ingest.validation import TimeBounds, is_logged_out, reasons, to_events
from spark_assets.json_scanner.scanner import LONGEST_LINE_BYTES, Lines
from spark_assets.lake import storage
from spark_assets.lake.batch_files import WrittenFile, write_table
from spark_assets.lake.do_not_load import NOBODY, DoNotLoad
from spark_assets.lake.schema import EVENT_DATE, EVENT_SCHEMA, QUARANTINE_SCHEMA

_ROWS_HELD = 400_000
"""Rows gathered before they are written: about 100 MB of memory a task."""

_BYTES_HELD = 128 * 1024 * 1024
"""The same for rows of long texts."""

_BAD_ROWS_HELD = 50_000
_BAD_BYTES_HELD = 16 * 1024 * 1024
"""Lines, and bytes of them, gathered for the quarantine before they are written."""


class BatchWriter:
    """Gathers what a task finds and writes it below the folders of one batch.

    Names hold a random part: a second attempt of the same task never writes over the first, and the ledger says
    which attempt counts.
    """

    def __init__(self, events_uri: str, quarantine_uri: str, task: int) -> None:
        self._events_uri = events_uri
        self._quarantine_uri = quarantine_uri
        self._file_name = f"part-{task:05d}-{uuid.uuid4().hex[:12]}"
        self._events: list[pa.Table] = []
        self._held = self._held_bytes = 0
        self._flushes = 0
        self._bad: list[dict[str, object]] = []
        self._bad_bytes = 0
        self.event_files: list[WrittenFile] = []
        self.quarantine_files: list[WrittenFile] = []
        self.repeated: Counter[int] = Counter()
        """Events left out as repeats within a file, by source."""

    def add_events(self, events: pa.Table) -> None:
        """Take rows of `EVENT_SCHEMA`."""
        self._events.append(events)
        self._held += events.num_rows
        self._held_bytes += events.nbytes
        if self._held >= _ROWS_HELD or self._held_bytes >= _BYTES_HELD:
            self._flush_events()

    def add_bad(self, file: str, line: int, reason: str, raw: bytes) -> None:
        """Take one line for the quarantine."""
        self._bad.append({"file": file, "line": line, "reason": reason, "raw": raw})
        self._bad_bytes += len(raw)
        if len(self._bad) >= _BAD_ROWS_HELD or self._bad_bytes >= _BAD_BYTES_HELD:
            self._flush_bad()

    def close(self) -> None:
        """Write what is still held."""
        self._flush_events()
        self._flush_bad()

    def _flush_bad(self) -> None:
        if not self._bad:
            return
        table = pa.Table.from_pylist(self._bad, schema=QUARANTINE_SCHEMA)
        name = f"{self._file_name}-{len(self.quarantine_files)}.parquet"
        write_table(table, storage.join(self._quarantine_uri, name))
        self.quarantine_files.append(WrittenFile(name, table.num_rows))
        self._bad, self._bad_bytes = [], 0

    def _flush_events(self) -> None:
        if not self._held:
            return
        events = pa.concat_tables(self._events)
        for day, found in _by_date(events):
            rows, repeated = once(found)
            path = f"{EVENT_DATE}={day.isoformat()}/{self._file_name}-{self._flushes}.parquet"
            write_table(rows, storage.join(self._events_uri, path))
            self.event_files.append(WrittenFile.of(rows, path, day))
            self.repeated.update(repeated)
        self._events, self._held, self._held_bytes = [], 0, 0
        self._flushes += 1


def _by_date(events: pa.Table) -> Iterator[tuple[date, pa.Table]]:
    days = pc.cast(events[EVENT_SCHEMA.names[0]], pa.date32())
    found = sorted(pc.unique(days).to_pylist())
    for day in found:
        yield day, events if len(found) == 1 else events.filter(pc.equal(days, pa.scalar(day, pa.date32())))


@dataclass
class LineCounts:
    """What became of the lines of a file; blank lines are no lines, and of several objects on a line each counts.

    `read = kept + repeated + logged_out + quarantined + erased`. A repeated line is an event that the lake has already,
    an erased one belongs to a customer on the do-not-load list.
    """

    read: int = 0
    kept: int = 0
    repeated: int = 0
    logged_out: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    """Lines by reason."""
    first_ms: int | None = None
    """Time of the earliest line kept or logged out, in ms since 1970; None without such a line."""
    last_ms: int | None = None
    erased: int = 0
    read_bytes: int = field(default=0, compare=False)
    """Bytes of all lines, without their ends."""
    quarantined_bytes: int = field(default=0, compare=False)

    def add(self, other: "LineCounts") -> None:
        """Add the counts of another part of the same file."""
        self.see(other.first_ms, other.last_ms)
        self.read += other.read
        self.kept += other.kept
        self.repeated += other.repeated
        self.logged_out += other.logged_out
        self.erased += other.erased
        self.read_bytes += other.read_bytes
        self.quarantined_bytes += other.quarantined_bytes
        self.quarantined.update(other.quarantined)

    def see(self, first_ms: int | None, last_ms: int | None) -> None:
        """Widen the span of time by another one."""
        if first_ms is None or last_ms is None:
            return
        self.first_ms = first_ms if self.first_ms is None else min(self.first_ms, first_ms)
        self.last_ms = last_ms if self.last_ms is None else max(self.last_ms, last_ms)


@dataclass
class TaskResult:
    """Counts by file name, and the Parquet files that hold the rows."""

    counts: dict[str, LineCounts]
    repeated: Counter[int]
    """Events left out as repeats within a file of the task, by source; `counts` still has them as kept."""
    event_files: list[WrittenFile]
    quarantine_files: list[WrittenFile]


@dataclass(frozen=True)
class TaskContext:
    """Where a task reads and writes, and which dates it believes."""

    inbox: str
    events_uri: str
    quarantine_uri: str
    bounds: TimeBounds
    sources: Mapping[str, int]
    """Place of each log file in the batch's ledger entry."""
    do_not_load: DoNotLoad = NOBODY


def run_task(context: TaskContext, task: int, splits: Sequence[Split]) -> TaskResult:
    """Ingest some splits; the rows are written, only counts and file names come back to the driver."""
    writer = BatchWriter(context.events_uri, context.quarantine_uri, task)
    counts: dict[str, LineCounts] = {}
    for split in splits:
        counted = counts.setdefault(split.file.name, LineCounts())
        line = split.first_line
        for block in read_blocks(context.inbox, split):
            for lines in Lines.of(block.data).parts():
                _ingest(_Part(split.file.name, context.sources[split.file.name], line, lines), context, writer, counted)
                line += len(lines)
            line -= block.goes_on
            counted.read_bytes += block.left_out
            counted.quarantined_bytes += block.left_out
    writer.close()
    return TaskResult(counts, writer.repeated, writer.event_files, writer.quarantine_files)


@dataclass(frozen=True)
class _Part:
    file: str
    source: int
    first_line: int
    lines: Lines


def _ingest(part: _Part, context: TaskContext, writer: BatchWriter, counted: LineCounts) -> None:
    parsed = parse_block(part.lines)
    counted.read += parsed.rows.num_rows + len(parsed.bad)
    counted.read_bytes += int((part.lines.ends - part.lines.starts).sum())
    parsed = _without_erased(parsed, context.do_not_load, counted)
    bad = [(line.index, line.reason) for line in parsed.bad]
    bad += _ingest_rows(part, parsed, context.bounds, writer, counted)
    for index, reason in sorted(bad):
        raw = parsed.lines[index]
        if context.do_not_load.holds_line(raw):
            counted.erased += 1
            continue
        writer.add_bad(part.file, part.first_line + parsed.lines.number(index), reason, raw[:LONGEST_LINE_BYTES])
        counted.quarantined[reason] += 1
        counted.quarantined_bytes += len(raw)


def _without_erased(parsed: ParsedBlock, listed: DoNotLoad, counted: LineCounts) -> ParsedBlock:
    """Leave out the rows of customers who must not be loaded, and count them."""
    rows, line_of_row = parsed.rows, parsed.line_of_row
    gone = listed.holds(rows["userId"])
    if gone is not None:
        kept = pc.indices_nonzero(pc.invert(pc.fill_null(gone, False)))
        rows, line_of_row = rows.take(kept), line_of_row[kept.to_numpy()]
    counted.erased += parsed.rows.num_rows - rows.num_rows
    return ParsedBlock(parsed.lines, rows, line_of_row, parsed.bad)


def _ingest_rows(
    part: _Part, parsed: ParsedBlock, bounds: TimeBounds, writer: BatchWriter, counted: LineCounts
) -> list[tuple[int, str]]:
    """Write the events among the rows of a part; returns the bad ones as (record of the part, reason)."""
    why = reasons(parsed.rows, bounds)
    good = parsed.rows.filter(pc.is_null(why)) if why.null_count < len(why) else parsed.rows
    # Filtered once converted: the long texts of user agents are gone by then.
    events = to_events(good, part.source).filter(pc.invert(is_logged_out(good)))
    counted.kept += events.num_rows
    counted.logged_out += good.num_rows - events.num_rows
    span = pc.min_max(good["ts"]).as_py()
    if good.num_rows:
        counted.see(int(span["min"]), int(span["max"]))
    writer.add_events(events)
    return [(int(parsed.line_of_row[row]), reason) for row, reason in _named(why)]


def _named(why: pa.Array) -> list[tuple[int, str]]:
    rows = pc.indices_nonzero(pc.is_valid(why)).to_pylist()
    return [(row, why[row].as_py()) for row in rows]
