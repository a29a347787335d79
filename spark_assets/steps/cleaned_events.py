"""Step `ingest_logs`: new log files into `cleaned_events` and `quarantined_events`."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from pyspark.sql import SparkSession

from spark_assets.erasure.forget import forget
from spark_assets.erasure.requests import update
from spark_assets.ingest.batch import IngestResult, ingest
from spark_assets.lake.ledger import BatchEntry, Ledger
from spark_assets.publishing.postgres import publisher_url_if_any
from spark_assets.steps.settings import StepParams, StepResult


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Ingest what is new; the result counts every line of this batch and of all batches.

    Customers whom the portal erased since the last run go first, so that nothing of theirs is loaded or stays.
    The publisher's database is where the portal keeps them; without it the list of the lake alone holds.
    """
    forgotten = forget(spark, params.lake, update(params.lake, publisher_url_if_any()))
    quiet = timedelta(seconds=params.quiet_seconds)
    result = ingest(spark, params.inbox, params.lake, lambda: datetime.now(UTC), quiet)
    ledger = Ledger.load(params.lake)
    facts = {"batch": _batch_facts(result.batch), "total": ledger.totals(), "ledger": _newest_batches(ledger)}
    facts |= _left_out(result) | {"forgotten": asdict(forgotten)}
    return StepResult(rows=ledger.totals()["kept"], facts=facts, preview=_newest_files(result.batch))


def _batch_facts(batch: BatchEntry | None) -> dict[str, Any]:
    """Totals of one batch in the words of `Ledger.totals`."""
    if batch is None:
        return {"files": 0, "duplicates": 0, **Ledger(()).totals()}
    files = batch["files"]
    return {
        "number": batch["batch"],
        "files": len(files),
        "duplicates": sum(file["duplicate_of"] is not None for file in files),
        "bytes": sum(file["size"] for file in files),
        "days": len(batch["events_by_date"]),
        **Ledger((batch,)).totals(),
    }


def _newest_batches(ledger: Ledger) -> list[dict[str, Any]]:
    """The last ten batches, a row each."""
    rows = [{"committed_at": entry["committed_at"][:19], **_batch_facts(entry)} for entry in ledger.batches[-10:]]
    for row in rows:
        del row["quarantined_by_reason"]
    return rows[::-1]


def _left_out(result: IngestResult) -> dict[str, Any]:
    """Files that were not ingested, by name with the reason, and how many: figures of the pipeline show the latter."""
    return {
        "damaged": result.damaged,
        "unsettled": result.unsettled,
        "passed_over": dict(result.passed_over),
        "damaged_files": len(result.damaged),
        "unsettled_files": len(result.unsettled),
    }


def _newest_files(batch: BatchEntry | None) -> list[dict[str, Any]]:
    shown = ("name", "size", "duplicate_of", "from_byte", "read", "kept", "repeated", "logged_out", "quarantined")
    return [{key: file[key] for key in shown} for file in (batch["files"] if batch else [])[-5:]]  # type: ignore[literal-required]
