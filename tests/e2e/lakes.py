"""Logs to ingest, and the tables that come of them as texts that can be compared."""

from pathlib import Path

from pyspark.sql import SparkSession

from spark_assets.lake.tables import read_daily_activity, read_events
from spark_assets.steps.settings import StepParams
from tests.spark_assets.ingest.samples import NOON, drop, line, text

DAY = 86_400_000


def drop_logs(inbox: Path, numbers: range, lines: int) -> None:
    """Drop log files of six days in turn, each with so many good lines and a bad one."""
    for number in numbers:
        events = [
            line(ts=NOON + number % 6 * DAY + n * 1_000, userId=str(n % 97), itemInSession=n, sessionId=number)
            for n in range(lines)
        ]
        drop(inbox, f"{number:02d}.json", text([*events, b"{broken"]))


def params(inbox: Path, lake: Path, batch: int = 0) -> StepParams:
    return StepParams(inbox=str(inbox), lake=str(lake), quiet_seconds=0, batch=batch)


def rows(spark: SparkSession, lake: Path) -> tuple[list[str], list[str]]:
    """Events (whatever file brought them) and sums per day, each as sorted texts."""
    events = read_events(spark, str(lake)).drop("source", "batch")
    daily = read_daily_activity(spark, str(lake))
    ordered = daily.select(*sorted(daily.columns))
    return sorted(map(repr, events.collect())), sorted(map(repr, ordered.collect()))
