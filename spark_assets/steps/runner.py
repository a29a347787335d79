"""All steps by name, and what Spark's and Arrow's errors of damaged files and full disks mean for the user."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

from pyspark.sql import SparkSession

from spark_assets.errors import DamagedFileError, DiskFullError, EncoreError, SettingsError
from spark_assets.lake import storage
from spark_assets.lake.batch_files import WITHOUT_COLUMNS, UnreadableParquetError
from spark_assets.lake.do_not_load import DOCUMENT
from spark_assets.lake.ledger import LEDGER
from spark_assets.lake.lock import only_step
from spark_assets.lake.schema import CLEANED_EVENTS, QUARANTINED_EVENTS
from spark_assets.lake.storage import UnreadableDocumentError
from spark_assets.modelling.model_store import CHAMPION, TRAINED_MODEL
from spark_assets.steps import (
    churn_scores,
    cleaned_events,
    daily_activity,
    inspect_model,
    inspect_tables,
    past_features,
    past_scores,
    portal_snapshot,
    promote_model,
    trained_model,
    training_examples,
    user_features,
    withdraw_batch,
)
from spark_assets.steps.settings import StepParams, StepResult

_FULL = "No space left on device"
_READING = re.compile(
    r"(?:Encountered error while reading file|Could not read footer for file:|\[PATH_NOT_FOUND\] Path does not exist:|"
    rf"{UnreadableParquetError.__name__}:|{UnreadableDocumentError.__name__}:) "
    r"(?:file:/+)?(?P<path>.+?(?:\.parquet|\.json|event_date=[\d-]+(?=\.\s)|(?=\. SQLSTATE)))"
)
"""How Spark names a file or folder (error classes FAILED_READ_FILE, CANNOT_READ_FILE_FOOTER, PATH_NOT_FOUND), and how
our own errors do."""
_MISSING = re.compile(r"Input path does not exist: (?:file:/+)?(?P<path>[^\n]+)")
_EARLIER = re.compile(rf"{WITHOUT_COLUMNS} (?P<columns>[\w, ]+)")
_BATCH = re.compile(r"batch=0*(\d+)")


def mendable(error: BaseException, lake: str) -> EncoreError | None:
    """Return what `error` means for the person who runs Encore, or None when they cannot mend it."""
    # What went wrong in a task comes back as the text of Spark's error: there is no class to ask.
    text = "\n".join(f"{type(each).__name__}: {each}" for each in _chain(error))
    if _FULL in text:
        return _full(lake)
    for each in _chain(error):
        if isinstance(each, storage.MissingFilesError):
            return _damaged(each.uri, lake, None)
    found = _READING.search(text) or _MISSING.search(text)
    return _damaged(found["path"], lake, _EARLIER.search(text)) if found else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _full(lake: str) -> DiskFullError:
    """Name the fuller of the two places that a step writes to: the lake, and what Spark lays aside meanwhile."""
    places = [Path(tempfile.gettempdir()), storage.local_path(lake)]
    free, folder = min((shutil.disk_usage(place).free, place) for place in places if place is not None)
    return DiskFullError(
        f"There is no room left in {folder}: {free / 1e6:,.1f} MB are free. Make room, then run again; what was "
        "half-written counts nowhere and is written anew."
    )


def _damaged(path: str, lake: str, earlier: re.Match[str] | None) -> DamagedFileError:
    within = Path(unquote(path).partition(lake.rpartition("://")[2].strip("/"))[2].strip("/"))
    table = within.parts[0] if within.parts else "the lake"
    wrong = f"was written by an earlier version of Encore, without {earlier['columns']}" if earlier else ""
    return DamagedFileError(
        f"The file {within} in the lake {lake} {wrong or 'is damaged or missing'}. {_advice(within, table)}"
    )


def _advice(within: Path, table: str) -> str:
    batch = _BATCH.search(str(within))
    if table in (CLEANED_EVENTS, QUARANTINED_EVENTS) and batch:
        return (
            f"See that the log files of batch {batch[1]} lie in the inbox, launch the job withdraw_batch with batch "
            f"{batch[1]}, then materialize everything: they are ingested anew."
        )
    if table == DOCUMENT:
        return "Delete it: the next run makes the list anew from the portal's."
    if table == LEDGER:
        return "Put it back from a backup (docs/backup.md): it says which log files and lines batch and lake hold."
    if table == TRAINED_MODEL and len(within.parts) > 2:
        return (
            f"Delete the folder {table}/{within.parts[1]} of the lake. If it was the champion, launch the job "
            f"promote_model with another version, or materialize {table} for a new one; then materialize what comes "
            "after it."
        )
    if within.name == CHAMPION:
        return "Launch the job promote_model with the version that shall score, then materialize everything."
    if table == TRAINED_MODEL:
        return f"Delete this file, then materialize {table}."
    if len(within.parts) > 1 and within.parts[1].startswith("as_of="):
        day = within.parts[1].removeprefix("as_of=")
        return f"Delete the folder {table}/as_of={day} of the lake and materialize the partition {day} of {table} anew."
    return f"Delete the folder {table} of the lake and materialize {table} anew, then what comes after it."


Step = Callable[[SparkSession, StepParams], StepResult]

STEPS: dict[str, Step] = {
    "ingest_logs": cleaned_events.run,
    "withdraw_batch": withdraw_batch.run,
    "daily_activity": daily_activity.run,
    "user_features": user_features.run,
    "training_examples": training_examples.run,
    "trained_model": trained_model.run,
    "promote_model": promote_model.run,
    "churn_scores": churn_scores.run,
    "portal_snapshot": portal_snapshot.run,
    "past_features": past_features.run,
    "past_scores": past_scores.run,
    "inspect_events": inspect_tables.events,
    "inspect_daily_activity": inspect_tables.daily_activity,
    "inspect_user_features": inspect_tables.user_features,
    "inspect_trained_model": inspect_model.trained_model,
    "inspect_churn_scores": inspect_model.churn_scores,
    "inspect_portal_snapshot": inspect_tables.portal_snapshot,
}


def run_step(name: str, spark: SparkSession, params: StepParams) -> StepResult:
    """Run one step.

    Raises:
        SettingsError: no step has this name.
        LakeBusyError: another step is at work in the same lake.
        LeaseLostError: the lake, on S3, was lost to another step meanwhile; the step's Spark jobs were cancelled.
        EncoreError: what the step says its user must mend; damaged files and full disks among it.
    """
    if name not in STEPS:
        raise SettingsError(f"Unknown step {name!r}: one of {sorted(STEPS)}.")
    try:
        with only_step(params.lake, name, stop=spark.sparkContext.cancelAllJobs):
            return STEPS[name](spark, params)
    except EncoreError:
        raise
    except Exception as error:
        told = mendable(error, params.lake)
        if told:
            raise told from error
        raise
