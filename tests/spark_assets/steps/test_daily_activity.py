"""Days of `daily_activity` follow the batches: those of a withdrawn one go with it."""

from datetime import UTC, date, datetime
from pathlib import Path

from pyspark.sql import SparkSession

from spark_assets.ingest.withdrawal import withdraw
from spark_assets.lake.tables import logged_days, read_daily_activity
from spark_assets.steps import daily_activity
from spark_assets.steps.settings import StepParams
from tests.spark_assets.ingest.lakes import Lake
from tests.spark_assets.ingest.samples import NOON, drop, line, text

DAY_MS = 86_400_000
TODAY, AHEAD = datetime(2018, 12, 1, 13, tzinfo=UTC), datetime(2018, 12, 20, tzinfo=UTC)


def _ingest(lake: Lake, now: datetime) -> StepParams:
    params = StepParams(str(lake.inbox), lake.uri)
    lake.ingest(now)
    daily_activity.run(lake.spark, params)
    return params


def _songs_by_day(lake: Lake) -> dict[date, int]:
    rows = read_daily_activity(lake.spark, lake.uri).collect()
    return {row["event_date"]: row["songs"] for row in rows}


def test_a_day_that_only_a_withdrawn_batch_held_is_gone(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path)
    drop(lake.inbox, "kept.json", text([line(ts=NOON)]))
    _ingest(lake, TODAY)
    drop(lake.inbox, "clock.json", text([line(ts=NOON + 1), line(ts=NOON + 9 * DAY_MS)]))
    params = _ingest(lake, AHEAD)
    assert _songs_by_day(lake) == {date(2018, 12, 1): 2, date(2018, 12, 10): 1}
    withdraw(spark, str(lake.inbox), lake.uri, 2)
    daily_activity.run(spark, params)
    assert _songs_by_day(lake) == {date(2018, 12, 1): 1}
    assert logged_days(lake.uri) == [date(2018, 12, 1)]
    _ingest(lake, TODAY)  # the clock is right again: the line from the future is quarantined
    assert _songs_by_day(lake) == {date(2018, 12, 1): 2}


def test_days_that_a_later_run_computed_leave_the_folder_of_the_earlier_one(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path)
    drop(lake.inbox, "a.json", text([line(ts=NOON), line(ts=NOON + DAY_MS)]))
    _ingest(lake, AHEAD)
    drop(lake.inbox, "b.json", text([line(ts=NOON + 1)]))
    _ingest(lake, AHEAD)
    held = {path.parent.name for path in (tmp_path / "lake/daily_activity").rglob("*.parquet")}
    counted = len(list((tmp_path / "lake/daily_activity").rglob("event_date=*")))
    assert (held, counted) == ({"event_date=2018-12-01", "event_date=2018-12-02"}, 2)
