"""The label: did the customer cancel within the horizon after the cut-off?"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.columns import CUT_OFF, EVENT_DATE, LABEL, USER_ID


def with_label(features: DataFrame, daily: DataFrame, horizon_days: int) -> DataFrame:
    """Add `label`: 1.0 when a `Cancellation Confirmation` falls on a day in [cut-off, cut-off + horizon), else 0.0.

    Whoever came back may cancel again: every cancellation counts.
    """
    cancelled = daily.where(F.col("cancelled_at").isNotNull())
    left = cancelled.groupBy(USER_ID).agg(F.collect_set(EVENT_DATE).alias("left_on"))

    def within_horizon(day: Column) -> Column:
        days = F.date_diff(day, F.col(CUT_OFF))
        return (days >= 0) & (days < horizon_days)

    leaves = F.exists("left_on", within_horizon)
    return (
        features.join(left, on=USER_ID, how="left")
        .withColumn(LABEL, F.coalesce(leaves.cast("double"), F.lit(0.0)))
        .drop("left_on")
    )
