"""One batch from inbox to lake: find what is new, ingest it, verify the counts, commit."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from spark_assets import storage
from spark_assets.columns import CLEANED_EVENTS, QUARANTINED_EVENTS
from spark_assets.errors import EncoreError
from spark_assets.ingest.checking import TimeBounds
from spark_assets.ingest.discovery import discover, settled
from spark_assets.ingest.ledger import BatchEntry, FileEntry, Ledger, commit
from spark_assets.ingest.planning import group_into_tasks, splits_of
from spark_assets.ingest.survey import SurveyedFile, survey
from spark_assets.ingest.task import LineCounts, TaskContext, TaskResult, run_task

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

logger = logging.getLogger(__name__)


class CountsDoNotAddUpError(EncoreError):
    """Lines went missing between reading and writing: the batch is not committed."""


@dataclass(frozen=True)
class IngestResult:
    """What one call of `ingest` did. `batch` is None when nothing was new."""

    batch: BatchEntry | None
    damaged: dict[str, str]
    """Files that cannot be read to their end, and why: left in the inbox for a whole copy to replace them."""
    unsettled: list[str]
    """Files left for later because somebody may still be writing them."""


def ingest(
    spark: "SparkSession", inbox: str, lake: str, now: datetime, quiet: timedelta = timedelta(0)
) -> IngestResult:
    """Ingest the log files of `inbox` that no batch holds yet, as one new batch of `lake`.

    Rows are written first and the ledger last, so a run that dies leaves nothing that a reader would see. Files
    touched within `quiet` before `now` wait for the next call.

    Raises:
        MissingInboxError: the inbox does not exist.
        CountsDoNotAddUpError: kept, logged-out and quarantined lines are not the lines read.
    """
    found = discover(inbox)
    ready = settled(found, now, quiet)
    ledger = Ledger.load(lake)
    surveyed = survey(spark, inbox, ledger.unknown(ready))
    damaged = {item.file.name: item.damage for item in surveyed if item.damage}
    new, repeated = _part_repeats([item for item in surveyed if not item.damage], ledger.names_by_hash())
    entry = (
        _ingest_batch(_Batch(spark, inbox, lake, ledger.next_batch, now), new, repeated) if new or repeated else None
    )
    names = {file.name for file in ready}
    return IngestResult(entry, damaged, [file.name for file in found if file.name not in names])


@dataclass(frozen=True)
class _Batch:
    spark: "SparkSession"
    inbox: str
    lake: str
    number: int
    now: datetime

    def folder(self, table: str) -> str:
        return storage.join(self.lake, table, f"batch={self.number:06d}")


def _part_repeats(
    surveyed: Sequence[SurveyedFile], names: dict[str, str]
) -> tuple[list[SurveyedFile], list[tuple[SurveyedFile, str]]]:
    """Part new content from content known under the name that comes with it."""
    known = dict(names)
    new: list[SurveyedFile] = []
    repeated: list[tuple[SurveyedFile, str]] = []
    for item in surveyed:
        first = known.setdefault(item.content_hash, item.file.name)
        if first != item.file.name and item.file.size > 0:
            repeated.append((item, first))
        else:
            new.append(item)
    return new, repeated


def _ingest_batch(
    batch: _Batch, new: Sequence[SurveyedFile], repeated: Sequence[tuple[SurveyedFile, str]]
) -> BatchEntry:
    context = TaskContext(
        batch.inbox, batch.folder(CLEANED_EVENTS), batch.folder(QUARANTINED_EVENTS), TimeBounds.up_to(batch.now)
    )
    # A run that died before its commit may have left rows under this number.
    storage.delete_folder(context.events_uri)
    storage.delete_folder(context.quarantine_uri)
    results = _run_tasks(batch, context, new)
    _delete_lost_attempts(context, results)
    entry = _entry(batch, results, new, repeated)
    _verify(entry)
    commit(batch.lake, entry)
    return entry


def _run_tasks(batch: _Batch, context: TaskContext, new: Sequence[SurveyedFile]) -> list[TaskResult]:
    spark_context = batch.spark.sparkContext
    splits = [split for item in new if item.file.size > 0 for split in splits_of(item)]
    tasks = group_into_tasks(splits, spark_context.defaultParallelism)
    if not tasks:
        return []
    logger.info("ingesting %d files in %d tasks", len(new), len(tasks))
    numbered = spark_context.parallelize(list(enumerate(tasks)), len(tasks))
    return numbered.map(lambda item: run_task(context, item[0], item[1])).collect()


def _delete_lost_attempts(context: TaskContext, results: Sequence[TaskResult]) -> None:
    """Delete files of task attempts that died after writing and were run again."""
    counted = {
        context.events_uri: {file.path for result in results for file in result.event_files},
        context.quarantine_uri: {file.path for result in results for file in result.quarantine_files},
    }
    for folder, paths in counted.items():
        for path, _ in storage.list_files(folder):
            if path not in paths:
                storage.delete_file(storage.join(folder, path))


def _entry(
    batch: _Batch,
    results: Sequence[TaskResult],
    new: Sequence[SurveyedFile],
    repeated: Sequence[tuple[SurveyedFile, str]],
) -> BatchEntry:
    counts: dict[str, LineCounts] = {}
    by_date: dict[str, int] = {}
    for result in results:
        for name, counted in result.counts.items():
            counts.setdefault(name, LineCounts()).add(counted)
        for written in result.event_files:
            day = str(written.event_date)
            by_date[day] = by_date.get(day, 0) + written.rows
    files = [_file_entry(item, counts.get(item.file.name, LineCounts()), None) for item in new]
    files += [_file_entry(item, LineCounts(), first) for item, first in repeated]
    return BatchEntry(
        batch=batch.number,
        started_at=batch.now.isoformat(),
        committed_at=datetime.now(UTC).isoformat(),
        files=files,
        events_by_date=dict(sorted(by_date.items())),
    )


def _file_entry(item: SurveyedFile, counted: LineCounts, duplicate_of: str | None) -> FileEntry:
    return FileEntry(
        name=item.file.name,
        size=item.file.size,
        modified_ns=item.file.modified_ns,
        content_hash=item.content_hash,
        duplicate_of=duplicate_of,
        read=counted.read,
        kept=counted.kept,
        logged_out=counted.logged_out,
        first_at=_iso(counted.first_ms),
        last_at=_iso(counted.last_ms),
        quarantined=dict(counted.quarantined),
    )


def _iso(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()


def _verify(entry: BatchEntry) -> None:
    for file in entry["files"]:
        accounted = file["kept"] + file["logged_out"] + sum(file["quarantined"].values())
        if accounted != file["read"]:
            raise CountsDoNotAddUpError(f"{file['name']}: {file['read']} lines read, {accounted} accounted for.")
    written = sum(entry["events_by_date"].values())
    kept = sum(file["kept"] for file in entry["files"])
    if written != kept:
        raise CountsDoNotAddUpError(f"Batch {entry['batch']}: {kept} events kept, {written} written.")
