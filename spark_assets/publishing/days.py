"""What the customer page shows of the days of a customer: songs by day, and what mattered when."""

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.columns import EVENT_DATE, USER_ID
from spark_assets.contracts.moments import ACTIVITY_DAYS, MOST_MOMENTS, MomentKind

_COUNTED = {
    MomentKind.UPGRADE: "upgrades",
    MomentKind.DOWNGRADE: "downgrades",
    MomentKind.ERROR: "errors",
    MomentKind.HELP: "help_visits",
}
"""Kinds of moments and the sums of `daily_activity` that count them."""


def days_of(daily: DataFrame, as_of: date) -> DataFrame:
    """Activity and moments of each customer: (`user_id`, `activity`, `moments`), see the contract.

    Args:
        daily: `daily_activity`.
        as_of: the last day of `activity`; days after it count nowhere.
    """
    known = daily.where(F.col(EVENT_DATE) <= F.lit(as_of))
    grouped = known.groupBy(USER_ID).agg(
        F.collect_list(_songs(as_of)).alias("songs"), F.flatten(F.collect_list(_moments())).alias("happened")
    )
    return grouped.select(
        USER_ID,
        F.to_json(_filled("songs")).alias("activity"),
        F.when(F.size("happened") > 0, F.to_json(_published("happened"))).alias("moments"),
    )


def _published(happened: str) -> Column:
    """As many moments as are published, the newest first; cancellations come before newer moments of other kinds."""
    ranked = F.transform(
        happened, lambda each: F.struct((each["k"] == MomentKind.CANCEL.value).alias("first"), each.alias("moment"))
    )
    kept = F.slice(F.sort_array(ranked, asc=False), 1, MOST_MOMENTS)
    return F.sort_array(F.transform(kept, lambda each: each["moment"]), asc=False)


def _songs(as_of: date) -> Column:
    """The songs of a day under the number of days before the as-of date; null outside the window or without any."""
    ago = F.datediff(F.lit(as_of), EVENT_DATE)
    return F.when((ago < ACTIVITY_DAYS) & (F.col("songs") > 0), F.struct(ago.alias("ago"), F.col("songs").alias("n")))


def _filled(songs: str) -> Column:
    """One number a day, the oldest day first, 0 where nothing was heard."""
    by_day = F.map_from_entries(F.col(songs))
    days = F.sequence(F.lit(ACTIVITY_DAYS - 1), F.lit(0))
    return F.transform(days, lambda ago: F.coalesce(F.element_at(by_day, ago), F.lit(0)))


def _moments() -> Column:
    """The moments of one day, those of no kind left out."""
    counts = {kind: F.col(name) for kind, name in _COUNTED.items()}
    counts[MomentKind.CANCEL] = F.when(F.col("cancelled_at").isNotNull(), F.lit(1)).otherwise(0)
    day = F.date_format(EVENT_DATE, "yyyy-MM-dd").alias("d")
    told = [F.struct(day, F.lit(kind.value).alias("k"), n.cast("int").alias("n")) for kind, n in counts.items()]
    return F.filter(F.array(*told), lambda each: each["n"] > 0)
