"""What one Spark task does: read its splits, judge every line, write Parquet, and count."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from spark_assets.ingest.checking import TimeBounds, is_logged_out, reasons, to_events
from spark_assets.ingest.parsing import parse_lines
from spark_assets.ingest.reading import Split, read_blocks
from spark_assets.ingest.writing import BatchWriter, WrittenFile

LONGEST_LINE_BYTES = 1024 * 1024
"""A log line has some 500 bytes; one of more than a megabyte is not worth the memory of parsing it."""


@dataclass
class LineCounts:
    """What became of the lines of a file. `read = kept + logged_out + quarantined`; blank lines are no lines."""

    read: int = 0
    kept: int = 0
    logged_out: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    """Lines by reason."""
    first_ms: int | None = None
    """Time of the earliest line kept or logged out, in ms since 1970; None without such a line."""
    last_ms: int | None = None

    def add(self, other: "LineCounts") -> None:
        """Add the counts of another part of the same file."""
        self.see(other.first_ms, other.last_ms)
        self.read += other.read
        self.kept += other.kept
        self.logged_out += other.logged_out
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
    event_files: list[WrittenFile]
    quarantine_files: list[WrittenFile]


@dataclass(frozen=True)
class TaskContext:
    """Where a task reads and writes, and which dates it believes."""

    inbox: str
    events_uri: str
    quarantine_uri: str
    bounds: TimeBounds


def run_task(context: TaskContext, task: int, splits: Sequence[Split]) -> TaskResult:
    """Ingest some splits; the rows are written, only counts and file names come back to the driver."""
    writer = BatchWriter(context.events_uri, context.quarantine_uri, task)
    counts: dict[str, LineCounts] = {}
    for split in splits:
        counted = counts.setdefault(split.file.name, LineCounts())
        line = split.first_line
        for lines in read_blocks(context.inbox, split):
            _ingest_block(_Block(split.file.name, line, lines), context.bounds, writer, counted)
            line += len(lines)
    writer.close()
    return TaskResult(counts, writer.event_files, writer.quarantine_files)


@dataclass(frozen=True)
class _Block:
    file: str
    first_line: int
    lines: list[bytes]


def _ingest_block(block: _Block, bounds: TimeBounds, writer: BatchWriter, counted: LineCounts) -> None:
    numbers = [index for index, line in enumerate(block.lines) if line.strip()]
    counted.read += len(numbers)
    long = {index for index in numbers if len(block.lines[index]) > LONGEST_LINE_BYTES}
    bad = [(index, "line longer than 1 MiB") for index in sorted(long)]
    numbers = [index for index in numbers if index not in long] if long else numbers
    if numbers:
        bad += _ingest_lines(block, numbers, bounds, writer, counted)
    for index, reason in sorted(bad):
        writer.add_bad(block.file, block.first_line + index, reason, block.lines[index])
        counted.quarantined[reason] += 1


def _ingest_lines(
    block: _Block, numbers: Sequence[int], bounds: TimeBounds, writer: BatchWriter, counted: LineCounts
) -> list[tuple[int, str]]:
    """Write the events among the lines `numbers` of a block; returns the bad ones as (index in the block, reason)."""
    parsed = parse_lines([block.lines[index] for index in numbers])
    why = reasons(parsed.rows, bounds)
    good = parsed.rows.filter(pc.is_null(why)) if why.null_count < len(why) else parsed.rows
    logged_out = is_logged_out(good)
    events = good.filter(pc.invert(logged_out))
    counted.kept += events.num_rows
    counted.logged_out += good.num_rows - events.num_rows
    span = pc.min_max(good["ts"]).as_py()
    if good.num_rows:
        counted.see(int(span["min"]), int(span["max"]))
    writer.add_events(to_events(events))
    bad = [(numbers[line.index], line.reason) for line in parsed.bad]
    return bad + [(numbers[parsed.line_of_row[row]], reason) for row, reason in _named(why)]


def _named(why: pa.Array) -> list[tuple[int, str]]:
    rows = pc.indices_nonzero(pc.is_valid(why)).to_pylist()
    return [(row, why[row].as_py()) for row in rows]
