"""The label: did the customer cancel within the horizon after the cut-off?"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.columns import CUT_OFF, LABEL, USER_ID


def with_label(features: DataFrame, daily: DataFrame, horizon_days: int) -> DataFrame:
    """Add `label`: 1.0 when a `Cancellation Confirmation` falls on a day in [cut-off, cut-off + horizon), else 0.0."""
    cancelled = daily.groupBy(USER_ID).agg(F.to_date(F.min("cancelled_at")).alias("left_on"))
    days = F.date_diff(F.col("left_on"), F.col(CUT_OFF))
    leaves = (days >= 0) & (days < horizon_days)
    return (
        features.join(cancelled, on=USER_ID, how="left")
        .withColumn(LABEL, F.coalesce(leaves.cast("double"), F.lit(0.0)))
        .drop("left_on")
    )
