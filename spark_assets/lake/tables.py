"""Tables of the lake by name: which folders count, and how a new version replaces the old one."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import BooleanType, DateType, IntegerType, NumericType, StructField

from spark_assets.errors import MissingTableError
from spark_assets.lake import storage
from spark_assets.lake.batch_files import open_parquet
from spark_assets.lake.ledger import BatchEntry, Ledger, batch_folder
from spark_assets.lake.schema import CLEANED_EVENTS, DAILY_ACTIVITY, EVENT_DATE, EVENT_SCHEMA

_POINTER = "_current.json"
_EVENTS = from_arrow_schema(EVENT_SCHEMA).add("batch", IntegerType()).add(EVENT_DATE, DateType())
"""Told to Spark, which else opens a file to see it."""


def read_events(spark: SparkSession, lake: str, days: Iterable[date] | None = None) -> DataFrame:
    """Events of all committed batches, or of some UTC days only.

    Only the folders that the ledger says hold such events are listed, so that a new day costs no look at old ones.

    Raises:
        MissingTableError: no batch holds an event yet.
    """
    base = storage.join(lake, CLEANED_EVENTS)
    held = [
        (date.fromisoformat(day), storage.join(base, batch_folder(entry["batch"]), f"{EVENT_DATE}={day}"))
        for entry in Ledger.load(lake).batches
        for day, events in entry["events_by_date"].items()
        if events
    ]
    if not held:
        raise MissingTableError(
            "No log line became an event yet: drop log files into the inbox (ENCORE_LOGS) and materialize "
            f"{CLEANED_EVENTS}; lines that were refused stand in quarantined_events with their reason."
        )
    wanted = {day for day, _ in held} if days is None else set(days)
    folders = [folder for day, folder in held if day in wanted]
    if not folders:
        return spark.createDataFrame([], _EVENTS)
    return spark.read.option("basePath", base).schema(_EVENTS).parquet(*map(storage.spark_pattern, folders))


def read_table(spark: SparkSession, lake: str, name: str) -> DataFrame:
    """The current version of a table written by `replace_table`.

    Raises:
        MissingTableError: the table has not been made yet.
    """
    return read_version(spark, lake, name, table_info(lake, name)["folder"])


def read_version(spark: SparkSession, lake: str, name: str, folder: str) -> DataFrame:
    """A version of a table by the `folder` of its notes: the current one, or one that `replace_table` kept."""
    uri = storage.join(lake, name, folder)
    try:
        return spark.read.parquet(storage.spark_pattern(uri))
    except AnalysisException as error:
        if "UNABLE_TO_INFER_SCHEMA" in str(error):  # which names no folder
            raise storage.MissingFilesError(uri) from error
        raise


def table_info(lake: str, name: str) -> dict[str, Any]:
    """What `replace_table` noted of the current version: `folder` and the notes given.

    Raises:
        MissingTableError: the table has not been made yet.
    """
    pointer = storage.join(lake, name, _POINTER)
    if not storage.exists(pointer):
        raise MissingTableError(f"{name} has not been materialized yet: materialize it first.")
    info: dict[str, Any] = storage.read_json(pointer)
    return info


def replace_table(
    frame: DataFrame, lake: str, name: str, notes: dict[str, Any] | None = None, keep: Sequence[str] = ()
) -> DataFrame:
    """Write a new version of a table and move the pointer to it; returns the table as written.

    A reader sees the old version or the new one, and a run that dies leaves the old one. Older versions go, but for
    the folders of `keep`.
    """
    folder = f"version={uuid.uuid4().hex}"
    uri = storage.join(lake, name, folder)
    frame.write.parquet(uri)
    storage.write_json(storage.join(lake, name, _POINTER), {"folder": folder, **(notes or {})})
    _delete_others(storage.join(lake, name), [folder, *keep])
    return read_version(frame.sparkSession, lake, name, folder)


def as_of_folder(name: str, as_of: date) -> str:
    """Name of the table that holds one as-of date of `name`: each is written, read and noted by itself."""
    return f"{name}/as_of={as_of.isoformat()}"


def as_of_dates(lake: str, name: str) -> list[date]:
    """As-of dates that `name` holds, each in its `as_of_folder`, the oldest first."""
    names = (file for file, _ in storage.list_files(storage.join(lake, name)))
    folders = {file.split("/", 1)[0] for file in names if file.endswith(f"/{_POINTER}")}
    return sorted(date.fromisoformat(folder.removeprefix("as_of=")) for folder in folders)


def logged_days(lake: str) -> list[date]:
    """Days that `daily_activity` holds, the oldest first; none before it was made."""
    return sorted(map(date.fromisoformat, _daily_info(lake)["days"]))


def read_daily_activity(spark: SparkSession, lake: str) -> DataFrame:
    """All days of `daily_activity`, each from the run that computed it last.

    Raises:
        MissingTableError: the table has not been made yet.
    """
    days = table_info(lake, DAILY_ACTIVITY)["days"]
    base = storage.join(lake, DAILY_ACTIVITY)
    folders = [storage.join(base, run, f"{EVENT_DATE}={day}") for day, run in days.items()]
    return spark.read.option("basePath", base).parquet(*map(storage.spark_pattern, folders)).drop("run")


def replace_days(frame: DataFrame, lake: str, days: Sequence[date], batches: Sequence[int]) -> None:
    """Write some days of `daily_activity` anew and note that `batches` are in it.

    The days go into a folder of their own; the pointer, written last, says for every day which folder counts. What
    the folders of earlier runs hold of these days goes.
    """
    run = f"run={uuid.uuid4().hex}"
    base = storage.join(lake, DAILY_ACTIVITY)
    frame.hint("rebalance", EVENT_DATE).write.partitionBy(EVENT_DATE).parquet(storage.join(base, run))
    old = _daily_info(lake)["days"]
    # A day of which nothing is left has no folder.
    filled = {day: storage.exists(storage.join(base, run, f"{EVENT_DATE}={day.isoformat()}")) for day in days}
    current = {day: folder for day, folder in old.items() if date.fromisoformat(day) not in filled}
    current = dict(sorted({**current, **{day.isoformat(): run for day in days if filled[day]}}.items()))
    storage.write_json(storage.join(base, _POINTER), {"batches": list(batches), "days": current})
    _delete_others(base, set(current.values()))
    _delete_superseded_days(base, current)


def applied_batches(lake: str) -> list[int]:
    """Numbers of the batches that `daily_activity` holds."""
    batches: list[int] = _daily_info(lake)["batches"]
    return batches


def due_days(lake: str) -> list[date]:
    """Days of `daily_activity` that changed without a new batch: those of batches that were reopened."""
    return sorted(map(date.fromisoformat, _daily_info(lake).get("due", [])))


def days_without(lake: str, columns: Iterable[str]) -> list[date]:
    """Days of `daily_activity` that lack one of `columns`, as an earlier version of Encore computed them."""
    days: dict[str, list[str]] = {}
    for day, run in _daily_info(lake)["days"].items():
        days.setdefault(run, []).append(day)
    base, wanted = storage.join(lake, DAILY_ACTIVITY), set(columns)
    found = [day for run, held in days.items() if wanted - _columns_of(storage.join(base, run)) for day in held]
    return sorted(map(date.fromisoformat, found))


def _columns_of(folder: str) -> set[str]:
    """Columns of the files that one run wrote, by the first of them."""
    names = (name for name, _ in storage.list_files(folder) if name.endswith(".parquet"))
    with open_parquet(storage.join(folder, next(names))) as file:
        return {*file.schema_arrow.names, EVENT_DATE}


def reopen_batches(lake: str, entries: Sequence[BatchEntry]) -> None:
    """Have the days of some batches computed anew with the next `daily_activity`, even if no batch holds them then."""
    pointer = storage.join(lake, DAILY_ACTIVITY, _POINTER)
    if storage.exists(pointer):
        info = table_info(lake, DAILY_ACTIVITY)
        reopened = {entry["batch"] for entry in entries}
        kept = [number for number in info["batches"] if number not in reopened]
        due = {day for entry in entries for day in entry["events_by_date"]}.union(info.get("due", []))
        storage.write_json(pointer, {**info, "batches": kept, "due": sorted(due)})


def _daily_info(lake: str) -> dict[str, Any]:
    """Notes of `daily_activity`: its `batches`, and the folder of each of its `days`; empty before it was made."""
    try:
        return table_info(lake, DAILY_ACTIVITY)
    except MissingTableError:
        return {"batches": [], "days": {}}


def _delete_others(base: str, keep: Iterable[str]) -> None:
    kept = set(keep)
    folders = {name.split("/", 1)[0] for name, _ in storage.list_files(base) if "/" in name}
    for folder in folders - kept:
        storage.delete_folder(storage.join(base, folder))


def _delete_superseded_days(base: str, current: dict[str, str]) -> None:
    """Delete the days of runs that a later run computed anew; the run's folder lives on for its other days."""
    names = [name.split("/") for name, _ in storage.list_files(base)]
    held = {(parts[0], parts[1]) for parts in names if len(parts) > 2}
    for run, day in held - {(run, f"{EVENT_DATE}={day}") for day, run in current.items()}:
        storage.delete_folder(storage.join(base, run, day))


ROWS = 10_000
"""Rows that the figures are taken of."""


def preview(frame: DataFrame) -> list[dict[str, Any]]:
    """A row for each column: its type, percent of rows with a value, and the mean of numbers; of the first `ROWS` rows.

    Orchestrators keep what they are shown for as long as their logs, out of reach of an erasure. So no value of a
    single row is shown, and no minimum or maximum, which are such values.
    """
    fields = frame.schema.fields
    figures = [F.count("*"), *(F.count(F.col(name)) for name in frame.columns), *map(_mean, fields)]
    total, *found = frame.limit(ROWS).agg(*figures).collect()[0]
    return [
        {
            "column": field.name,
            "type": field.dataType.simpleString(),
            "known_percent": round(100 * known / total, 1) if total else None,
            "mean": None if mean is None else round(mean, 4),
        }
        for field, known, mean in zip(fields, found[: len(fields)], found[len(fields) :], strict=True)
    ]


def _mean(field: StructField) -> Column:
    if isinstance(field.dataType, NumericType | BooleanType):
        return F.avg(F.col(field.name).cast("double"))
    return F.lit(None).cast("double")
