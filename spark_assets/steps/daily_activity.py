"""Step `daily_activity`: sums per customer and day, for the days that new batches touched."""

from datetime import date

from pyspark.sql import SparkSession

from spark_assets.features.daily_activity import daily_activity
from spark_assets.lake.ledger import Ledger
from spark_assets.lake.tables import (
    applied_batches,
    days_without,
    due_days,
    logged_days,
    preview,
    read_daily_activity,
    read_events,
    replace_days,
)
from spark_assets.steps.settings import StepParams, StepResult


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Recompute the days touched since the last run, and those that an earlier version of Encore left without a column.

    A day is computed from all batches.
    """
    ledger = Ledger.load(params.lake)
    days = _days_due(spark, params.lake, ledger)
    if days or not applied_batches(params.lake):
        activity = daily_activity(read_events(spark, params.lake, days))
        replace_days(activity, params.lake, days, ledger.batch_numbers)
    table = read_daily_activity(spark, params.lake)
    return StepResult(table.count(), {"days_recomputed": len(days)}, preview(table))


def _days_due(spark: SparkSession, lake: str, ledger: Ledger) -> list[date]:
    days = {*_touched_days(ledger, applied_batches(lake)), *due_days(lake)}
    if logged_days(lake):
        # No event is read for this: the columns follow from the plan.
        days.update(days_without(lake, daily_activity(read_events(spark, lake, [])).columns))
    return sorted(days)


def _touched_days(ledger: Ledger, applied: list[int]) -> set[date]:
    new = [entry for entry in ledger.batches if entry["batch"] not in set(applied)]
    return {date.fromisoformat(day) for entry in new for day in entry["events_by_date"]}
