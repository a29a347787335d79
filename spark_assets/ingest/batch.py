"""One batch from inbox to lake: find new files, cut them into tasks of equal work, ingest, drop duplicates, commit."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from spark_assets.ingest.accounting import batch_entry, count_lines, sources
from spark_assets.ingest.deduplication import Day, DayResult, leave_out_repeats
from spark_assets.ingest.inbox import ahead, check_clock, discover, look_into, settled
from spark_assets.ingest.left_out import DamagedFile, LeftOut, save_left_out
from spark_assets.ingest.reading import Split
from spark_assets.ingest.survey import NewContent, Novelty, known_sizes, part, survey
from spark_assets.ingest.task import TaskContext, TaskResult, run_task
from spark_assets.ingest.truncated_lines import take_back
from spark_assets.ingest.validation import TimeBounds
from spark_assets.lake import storage
from spark_assets.lake.batch_files import WrittenFile
from spark_assets.lake.do_not_load import DoNotLoad, load
from spark_assets.lake.event_extents import apart
from spark_assets.lake.ledger import BatchEntry, Ledger, LogFile, batch_folder, commit
from spark_assets.lake.sample_logs import refuse_mixing
from spark_assets.lake.schema import CLEANED_EVENTS, EVENT_DATE, QUARANTINED_EVENTS

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


LEAST_TASK_BYTES = 4 * 1024 * 1024
LARGEST_TASK_BYTES = 256 * 1024 * 1024
"""A task costs up to a fifth of a second before it begins: little against the second and a half of so much text."""
UNPACKED_FACTOR = 10
"""Bytes of log that a byte of `.gz` or `.bz2` holds, measured on the service's logs (9 to 17)."""

_TASKS_PER_CORE = 4


def splits_of(new: NewContent) -> Iterator[Split]:
    """Splits of what is new in a file, each with the number of its first line from the line ends counted before it."""
    before = 0
    at_line_start = True
    for item in new.surveyed.ranges:
        if item.start < new.from_byte < item.end:
            yield Split(item.file, new.from_byte, item.end, first_line=new.lines_before + 1)
        elif item.start >= new.from_byte:
            yield Split(item.file, item.start, item.end, first_line=before + (1 if at_line_start else 2))
        before += item.line_ends
        at_line_start = item.whole_lines == item.end


def group_into_tasks(splits: Iterable[Split], cores: int) -> list[list[Split]]:
    """Fill tasks in the order of the splits until each holds its share of the work.

    Small files share a task, so that thousands of them make neither thousands of tasks nor of Parquet files.
    """
    ordered: Sequence[Split] = list(splits)
    share = sum(map(_work, ordered)) // max(cores * _TASKS_PER_CORE, 1)
    wanted = min(max(share, LEAST_TASK_BYTES), LARGEST_TASK_BYTES)
    tasks: list[list[Split]] = []
    held = wanted
    for split in ordered:
        if held + _work(split) // 2 >= wanted:
            tasks.append([])
            held = 0
        tasks[-1].append(split)
        held += _work(split)
    return tasks


def _work(split: Split) -> int:
    """Estimated bytes of log text."""
    return (split.end - split.start) * (UNPACKED_FACTOR if split.file.compressed else 1)


logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class IngestResult:
    """What one call of `ingest` did. `batch` is None when nothing was new."""

    batch: BatchEntry | None
    damaged: dict[str, str]
    """Files that cannot be read to their end, and why: left in the inbox for a whole copy to replace them."""
    unsettled: list[str]
    """Files left for later because somebody is still writing them."""
    passed_over: Mapping[str, str]
    """Other names in the inbox, and why each is no log file."""


def ingest(
    spark: "SparkSession",
    inbox: str,
    lake: str,
    clock: Clock,
    quiet: timedelta = timedelta(0),
    sleep: Callable[[float], None] = time.sleep,
) -> IngestResult:
    """Ingest what is new in the log files of `inbox`, as one new batch of `lake`.

    Rows are written first and the ledger last, so a run that dies leaves nothing that a reader would see. Files
    touched less than `quiet` ago are waited for; those touched again meanwhile are left for the next call.

    Raises:
        ClockError: the machine's clock is behind the events in the lake.
        MissingInboxError: the inbox does not exist.
        MixedLogsError: sample logs and other logs would meet in the lake; nothing is ingested.
        CountsDoNotAddUpError: lines went missing between reading and writing.
    """
    ledger = Ledger.load(lake)
    check_clock(ledger, clock())
    ledger = take_back(spark, lake, ledger)
    ready, unsettled = _settle(ledger, inbox, clock, quiet, sleep)
    refuse_mixing(ledger, [*(file.name for file in ready), *unsettled], inbox, lake)
    novelty = part(ledger, survey(spark, inbox, ready, known_sizes(ledger, ready)))
    left_out = _left_out(inbox, ready, unsettled, novelty)
    batch = _Batch(spark, inbox, lake, ledger, clock(), load(lake))
    entry = _ingest_batch(batch, novelty) if novelty.new or novelty.duplicates else None
    save_left_out(lake, left_out)
    return IngestResult(entry, left_out.reasons, unsettled, left_out.passed_over)


def _left_out(inbox: str, ready: Sequence[LogFile], unsettled: Sequence[str], novelty: Novelty) -> LeftOut:
    damaged = [
        DamagedFile(file.name, file.size, file.modified_ns, novelty.damaged[file.name])
        for file in ready
        if file.name in novelty.damaged
    ]
    found = look_into(inbox)
    damaged += [DamagedFile(name, 0, 0, why) for name, why in sorted(found.unreadable.items())]
    return LeftOut(tuple(damaged), found.passed_over, tuple(unsettled))


def _settle(
    ledger: Ledger, inbox: str, clock: Clock, quiet: timedelta, sleep: Callable[[float], None]
) -> tuple[list[LogFile], list[str]]:
    """Unknown files that nobody writes any more, and the names of the others.

    One touched by a clock that is ahead of ours is ready when it looks the same after the wait.
    """
    before = ledger.unknown(discover(inbox))
    unknown, ready = before, settled(before, clock(), quiet)
    if len(ready) < len(unknown):
        sleep(quiet.total_seconds())
        unknown = ledger.unknown(discover(inbox))
        left_alone = {*settled(unknown, clock(), quiet), *ahead(before, clock(), quiet)}
        ready = [file for file in unknown if file in left_alone]
    names = {file.name for file in ready}
    return ready, [file.name for file in unknown if file.name not in names]


@dataclass(frozen=True)
class _Batch:
    spark: "SparkSession"
    inbox: str
    lake: str
    ledger: Ledger
    started_at: datetime
    do_not_load: DoNotLoad

    @property
    def number(self) -> int:
        return self.ledger.next_batch

    def folder(self, table: str, number: int | None = None) -> str:
        return storage.join(self.lake, table, batch_folder(number or self.number))


def _ingest_batch(batch: _Batch, novelty: Novelty) -> BatchEntry:
    places = sources(novelty.new)
    context = TaskContext(
        batch.inbox,
        batch.folder(CLEANED_EVENTS),
        batch.folder(QUARANTINED_EVENTS),
        TimeBounds.up_to(batch.started_at),
        places,
        batch.do_not_load,
    )
    # A run that died before its commit may have left rows under this number.
    storage.delete_folder(context.events_uri)
    storage.delete_folder(context.quarantine_uri)
    results = _run_tasks(batch, context, novelty)
    days = _leave_out_repeats(batch, context, results)
    _keep_only(context.events_uri, [file for day in days for file in day.files])
    _keep_only(context.quarantine_uri, [file for result in results for file in result.quarantine_files])
    counts = count_lines(results, days, places)
    entry = batch_entry(batch.number, batch.started_at, novelty, counts, days)
    commit(batch.lake, entry)
    take_back(batch.spark, batch.lake, Ledger((*batch.ledger.batches, entry)))
    return entry


def _run_tasks(batch: _Batch, context: TaskContext, novelty: Novelty) -> list[TaskResult]:
    spark_context = batch.spark.sparkContext
    splits = [split for item in novelty.new if item.surveyed.file.size > 0 for split in splits_of(item)]
    tasks = group_into_tasks(splits, spark_context.defaultParallelism)
    if not tasks:
        return []
    logger.info("ingesting %d files in %d tasks", len(novelty.new), len(tasks))
    numbered = spark_context.parallelize(list(enumerate(tasks)), len(tasks))
    return numbered.map(lambda item: run_task(context, item[0], item[1])).collect()


def _leave_out_repeats(batch: _Batch, context: TaskContext, results: Sequence[TaskResult]) -> list[DayResult]:
    by_day: dict[date, list[WrittenFile]] = {}
    for result in results:
        for file in result.event_files:
            if file.event_date is not None:
                by_day.setdefault(file.event_date, []).append(file)
    days = [Day(day, tuple(files), _known_folders(batch, day)) for day, files in sorted(by_day.items())]
    doubtful = [day for day in days if day.known or not apart([file.extent for file in day.new if file.extent])]
    sure = [DayResult(list(day.new)) for day in days if day not in doubtful]
    if not doubtful:
        return sure
    events_uri = context.events_uri
    spark_context = batch.spark.sparkContext
    # Most days meet in a moment only, which takes less time than a task of their own.
    slices = min(len(doubtful), 4 * spark_context.defaultParallelism)
    compared = spark_context.parallelize(doubtful, slices)
    return sure + compared.map(lambda day: leave_out_repeats(events_uri, day)).collect()


def _known_folders(batch: _Batch, day: date) -> tuple[str, ...]:
    name = day.isoformat()
    numbers = [entry["batch"] for entry in batch.ledger.batches if name in entry["events_by_date"]]
    return tuple(storage.join(batch.folder(CLEANED_EVENTS, number), f"{EVENT_DATE}={name}") for number in numbers)


def _keep_only(folder: str, files: Sequence[WrittenFile]) -> None:
    """Delete what does not count: files of task attempts that died, and those written anew without repeats."""
    paths = {file.path for file in files}
    for path, _ in storage.list_files(folder):
        if path not in paths:
            storage.delete_file(storage.join(folder, path))
