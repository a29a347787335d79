"""The simulation as Spark frames: listeners spread over the executors, each from its own seed."""

from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame, SparkSession

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
