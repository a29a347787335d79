"""Point-in-time features: what was known of each customer at a cut-off, from `daily_activity` alone."""

from collections.abc import Sequence
from datetime import date, timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.columns import CUT_OFF, EVENT_DATE, USER_ID
from spark_assets.transforms.registry import FEATURES, LIFE, LIFE_SUMS, WINDOWED_SUMS, WINDOWS, sum_name
from spark_assets.validation import require_columns

CUSTOMER_COLUMNS = ("gender", "level", "registered_on", "first_seen_on", "last_seen_at", "cancelled_on")
"""What `features_at` tells of a customer beside the features: as of the cut-off, null where the logs are silent."""


def features_at(daily: DataFrame, cut_offs: Sequence[date]) -> DataFrame:
    """Features of every customer seen before each cut-off, from days strictly before it.

    Args:
        daily: `daily_activity`.
        cut_offs: first UTC dates that are *not* known; the as-of date is the day before.

    Returns:
        A row per (`cut_off`, `user_id`) with `CUSTOMER_COLUMNS` and one double per feature of the registry. For an
        account that cancelled before the cut-off, `account_age_days` ends with the cancellation.
    """
    require_columns(daily, [USER_ID, EVENT_DATE, "songs", "registered_at", "cancelled_at"])
    return (
        _known_before(daily, cut_offs)
        .groupBy(CUT_OFF, USER_ID)
        .agg(*_sums(), *_facts())
        .select("*", F.col("profile.gender").alias("gender"), F.col("profile.level").alias("level"))
        .withColumn("account_age_days", _account_age_days())
        .withColumn("days_since_last_seen", F.date_diff(_as_of(), F.col("last_seen_on")))
        .select(CUT_OFF, USER_ID, *CUSTOMER_COLUMNS, *_feature_columns())
    )


def seen_within(features: DataFrame, days: int) -> DataFrame:
    """Customers seen in the last `days` days before their cut-off, and not yet cancelled at it."""
    alive = F.col("cancelled_on").isNull()
    return features.where(alive & (F.date_diff(F.col(CUT_OFF), F.to_date("last_seen_at")) <= days))


def _known_before(daily: DataFrame, cut_offs: Sequence[date]) -> DataFrame:
    """Each day once for every cut-off that comes after it, with `days_before` (1 is the day before)."""
    ends = F.array(*[F.lit(cut_off) for cut_off in cut_offs])
    return (
        daily.where(F.col(EVENT_DATE) < F.lit(max(cut_offs)))
        .withColumn(CUT_OFF, F.explode(F.filter(ends, lambda end: end > F.col(EVENT_DATE))))
        .withColumn("days_before", F.date_diff(F.col(CUT_OFF), F.col(EVENT_DATE)))
        .withColumn("days_listened", (F.col("songs") > 0).cast("int"))
    )


def _sums() -> list[Column]:
    windowed = [_windowed_sum(source, days) for source in WINDOWED_SUMS for days in WINDOWS]
    return windowed + [F.sum(source).alias(sum_name(source, LIFE)) for source in LIFE_SUMS]


def _windowed_sum(source: str, days: int) -> Column:
    within = F.when(F.col("days_before") <= days, F.col(source)).otherwise(0)
    return F.sum(within).alias(sum_name(source, days))


def _facts() -> list[Column]:
    return [
        F.max(F.struct("last_event_at", "gender", "level")).alias("profile"),
        F.to_date(F.min("registered_at")).alias("registered_on"),
        F.min(EVENT_DATE).alias("first_seen_on"),
        F.max(EVENT_DATE).alias("last_seen_on"),
        F.max("last_event_at").alias("last_seen_at"),
        F.to_date(F.min("cancelled_at")).alias("cancelled_on"),
    ]


def _as_of() -> Column:
    return F.date_sub(F.col(CUT_OFF), 1)


def _account_age_days() -> Column:
    return F.date_diff(F.coalesce(F.col("cancelled_on"), _as_of()), F.col("registered_on"))


def _feature_columns() -> list[Column]:
    return [feature.formula().cast("double").alias(feature.name) for feature in FEATURES]


def rolling_cut_offs(
    first_day: date, last_day: date, horizon_days: int, every_days: int, history_days: int
) -> list[date]:
    """Cut-offs whose horizon is complete within the data, newest first.

    Args:
        first_day, last_day: first and last UTC date with events.
        horizon_days: days after a cut-off that the label looks at.
        every_days: distance between two cut-offs.
        history_days: least days of data before a cut-off.
    """
    newest = last_day + timedelta(days=1 - horizon_days)
    oldest = first_day + timedelta(days=history_days)
    steps = max((newest - oldest).days // every_days + 1, 0)
    return [newest - timedelta(days=every_days * step) for step in range(steps)]
