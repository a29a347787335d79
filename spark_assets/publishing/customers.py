"""Rows of `customer_snapshot`: features, profile and score of every customer ever seen logged in."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.columns import USER_ID
from spark_assets.contracts import CUSTOMER_SNAPSHOT
from spark_assets.publishing.pseudonyms import with_pseudonyms
from spark_assets.publishing.schema import select_contract

_NAMES = ("first_name", "last_name", "location")


def latest_names(daily: DataFrame) -> DataFrame:
    """Name and place of each customer as last seen: (`user_id`, `first_name`, `last_name`, `location`)."""
    newest = F.max(F.struct("last_event_at", *_NAMES)).alias("newest")
    return daily.groupBy(USER_ID).agg(newest).select(USER_ID, *(F.col(f"newest.{name}") for name in _NAMES))


def customer_rows(features: DataFrame, daily: DataFrame, scores: DataFrame, snapshot_id: int, key: str) -> DataFrame:
    """One row per customer, in the contract's columns; without a score, probability, band and reasons are null.

    Args:
        features: `user_features`.
        daily: `daily_activity`, for names and places, which no other table carries.
        scores: `churn_scores`.
        snapshot_id: number of the snapshot.
        key: secret of the pseudonyms.
    """
    joined = features.join(latest_names(daily), on=USER_ID, how="left").join(scores, on=USER_ID, how="left")
    return select_contract(
        with_pseudonyms(joined, key).withColumns(
            {"snapshot_id": F.lit(snapshot_id), "customer_number": F.col(USER_ID)}
        ),
        CUSTOMER_SNAPSHOT,
    )
