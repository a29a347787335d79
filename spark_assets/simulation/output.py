"""Simulated events as frames and as log files."""

import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import fs
from pyspark.sql import DataFrame, Row, SparkSession

from spark_assets.lake.sample_logs import SAMPLE_MARK
from spark_assets.lake.storage import join, resolve
from spark_assets.simulation.listener import Life, Listener
from spark_assets.simulation.settings import DAY_SECONDS, SimulationSettings

EVENT_SCHEMA = "event_date date, ts bigint, line string"
TRUTH_SCHEMA = "user_id string, date date, hazard double, cancelled boolean"

LISTENERS_A_TASK = 250
"""About a quarter of a million events in sixty days: seconds of work, and little to repeat when a task is lost."""
ROWS_A_BATCH = 20_000
"""About 9 MB of lines."""

Rows = Callable[[Life, SimulationSettings], pa.RecordBatch]


def simulate_events(spark: SparkSession, settings: SimulationSettings, tasks: int | None = None) -> DataFrame:
    """Return all log lines of the window, in no order.

    Args:
        spark: Session whose executors do the work; the driver holds no row.
        settings: What to simulate.
        tasks: Number of tasks to split the listeners over; changes no row. By default 250 listeners a task, and at
            least one for each core.

    Returns:
        `event_date` (UTC date of the event), `ts` (milliseconds), `line` (the JSON text as logged, no line end).
    """
    return _each_listener(spark, settings, _event_rows, EVENT_SCHEMA, tasks)


def simulate_truth(spark: SparkSession, settings: SimulationSettings, tasks: int | None = None) -> DataFrame:
    """Return the true daily hazard of every registered listener on every day until the cancellation.

    Returns:
        `user_id`, `date` (UTC), `hazard` (probability of cancelling on that date, known before it starts),
        `cancelled` (whether it happened: the last row of its listener). The day of registration has no row.
    """
    return _each_listener(spark, settings, _truth_rows, TRUTH_SCHEMA, tasks)


def _each_listener(
    spark: SparkSession, settings: SimulationSettings, rows: Rows, schema: str, tasks: int | None
) -> DataFrame:
    def live(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        indexes = (index for batch in batches for index in batch.column(0).to_pylist())
        return _in_batches(rows(Listener(settings, index).live(), settings) for index in indexes)

    tasks = tasks or max(-(-settings.users // LISTENERS_A_TASK), spark.sparkContext.defaultParallelism)
    return spark.range(0, settings.users, 1, min(tasks, settings.users)).mapInArrow(live, schema)


def _in_batches(parts: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Join the rows of several listeners into batches of some thousand rows."""
    held: list[pa.RecordBatch] = []
    for part in parts:
        held.append(part)
        if sum(batch.num_rows for batch in held) >= ROWS_A_BATCH:
            yield from _joined(held)
            held = []
    if held:
        yield from _joined(held)


def _joined(batches: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
    joined: list[pa.RecordBatch] = pa.Table.from_batches(batches).combine_chunks().to_batches(ROWS_A_BATCH)
    return joined


def _event_rows(life: Life, settings: SimulationSettings) -> pa.RecordBatch:
    """Lines of one listener within the window; a visit may begin before its end and reach past it."""
    seconds = pa.array(life.log.seconds, pa.int64())
    rows = pa.record_batch(
        [
            pc.cast(pc.cast(pc.divide(seconds, DAY_SECONDS), pa.int32()), pa.date32()),
            pc.multiply(seconds, 1000),
            pa.array(life.log.lines, pa.string()),
        ],
        names=["event_date", "ts", "line"],
    )
    start, end = settings.start_second, settings.end_second
    if not life.log.seconds or (life.log.seconds[0] >= start and life.log.seconds[-1] < end):
        return rows
    return rows.filter(pc.and_(pc.greater_equal(seconds, start), pc.less(seconds, end)))


def _truth_rows(life: Life, settings: SimulationSettings) -> pa.RecordBatch:
    first = settings.start_second // DAY_SECONDS
    days = [first + truth.day for truth in life.truth]
    return pa.record_batch(
        [
            pa.array([life.user_id] * len(days), pa.string()),
            pc.cast(pa.array(days, pa.int32()), pa.date32()),
            pa.array([truth.hazard for truth in life.truth], pa.float64()),
            pa.array([truth.cancelled for truth in life.truth], pa.bool_()),
        ],
        names=["user_id", "date", "hazard", "cancelled"],
    )


WRITTEN_SCHEMA = "event_date date, path string, events bigint, bytes bigint"
GZIP_LEVEL = 3
"""Measured on such lines: twice as fast as the usual 6 (207 against 96 MB/s), for files 14 % larger."""

_GZIP_WINDOW = 31
"""Asks zlib for a gzip frame; it holds no name and the time 0, so equal lines give equal bytes."""


class DailyFile:
    """One day's file: written under a hidden name, renamed when whole, removed when the writer fails.

    An object store shows a file only once it is closed, so there it is written in place.
    """

    def __init__(self, folder: str, date: str, plain: bool) -> None:
        name = f"{SAMPLE_MARK}{date}.json" if plain else f"{SAMPLE_MARK}{date}.json.gz"
        self.path = join(folder, name)
        self.events = 0
        self.bytes = 0
        self._files, self._target = resolve(self.path)
        local = isinstance(self._files, fs.LocalFileSystem)
        self._draft = resolve(join(folder, f".{name}.{uuid.uuid4().hex}"))[1] if local else self._target
        self._zip = None if plain else zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)

    def __enter__(self) -> Self:
        self._stream = self._files.open_output_stream(self._draft, compression=None)
        return self

    def write(self, lines: pa.StringArray) -> None:
        """Append lines, each with a line end."""
        ended = pc.binary_join_element_wise(lines, "", "\n")
        offsets = np.frombuffer(ended.buffers()[1], np.int32)[ended.offset : ended.offset + len(ended) + 1]
        self._put(memoryview(ended.buffers()[2])[offsets[0] : offsets[-1]])
        self.events += len(lines)

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and self._zip is not None:
            self._stream.write(self._zip.flush())
        self._stream.close()
        if error is not None:
            self._files.delete_file(self._draft)
        elif self._draft != self._target:
            self._files.move(self._draft, self._target)

    def _put(self, text: memoryview) -> None:
        self.bytes += len(text)
        self._stream.write(text if self._zip is None else self._zip.compress(text))


def write_daily_logs(events: DataFrame, folder: str, plain: bool = False, tasks: int | None = None) -> list[Row]:
    """Write one file a UTC day, `encore-sample-YYYY-MM-DD.json.gz` (or `.json`), and return what was written.

    Files of the same name are replaced; others in the folder stay. A day without events gets no file. Lines are in
    order of `ts`, then of their text, which starts with the listener, so the bytes do not depend on the partitioning.

    Args:
        events: `event_date`, `ts`, `line` as `simulate_events` gives them.
        folder: Local path or URI such as `s3://bucket/prefix`; made if it is absent. On a cluster every executor must
            reach it.
        plain: Write without gzip.
        tasks: Number of tasks that sort and write; by default Spark's number of shuffle partitions. One day is
            sorted by Spark, on disk where memory is short, and streamed, so its size is not bounded by memory.

    Returns:
        A row a file, by date: `event_date`, `path`, `events`, `bytes` (before compression).
    """
    files, root = resolve(folder)
    files.create_dir(root, recursive=True)
    folder = folder if "://" in folder else root

    def write(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        return _write_days(batches, folder, plain)

    by_day = events.repartition(tasks, "event_date") if tasks else events.repartition("event_date")
    in_order = by_day.sortWithinPartitions("event_date", "ts", "line").select("event_date", "line")
    return sorted(in_order.mapInArrow(write, WRITTEN_SCHEMA).collect(), key=lambda row: str(row["event_date"]))


def _write_days(batches: Iterable[pa.RecordBatch], folder: str, plain: bool) -> Iterator[pa.RecordBatch]:
    """Write rows sorted by date to a file for each date."""
    days = _runs(batches)
    current = next(days, None)
    while current is not None:
        date = current[0]
        with DailyFile(folder, str(date), plain) as file:
            while current is not None and current[0] == date:
                file.write(current[1])
                current = next(days, None)
        yield pa.record_batch(
            [pa.array([date], pa.date32()), [file.path], [file.events], [file.bytes]],
            names=["event_date", "path", "events", "bytes"],
        )


def _runs(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[object, pa.StringArray]]:
    """Cut batches where the date changes."""
    for batch in batches:
        days = np.asarray(pc.cast(batch.column(0), pa.int32()))
        cuts = [0, *(np.flatnonzero(np.diff(days)) + 1).tolist(), batch.num_rows]
        for start, end in pairwise(cuts):
            if end > start:
                yield batch.column(0)[start].as_py(), batch.column(1).slice(start, end - start)
