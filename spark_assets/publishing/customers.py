"""Rows of `customer_snapshot`: features, profile and score of every customer ever seen logged in."""

from collections.abc import Mapping
from datetime import date
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.columns import USER_ID
from spark_assets.contracts import CUSTOMER_SNAPSHOT, RiskBand
from spark_assets.contracts.moments import HOLD_OUT_DRAWS
from spark_assets.contracts.searching import name_key
from spark_assets.publishing.days import days_of
from spark_assets.publishing.pseudonyms import with_pseudonyms
from spark_assets.publishing.publishable_rows import clean_text
from spark_assets.publishing.schema import select_contract

_NAMES = ("first_name", "last_name", "location")


def latest_names(daily: DataFrame) -> DataFrame:
    """Name and place of each customer as last seen: (`user_id`, `first_name`, `last_name`, `location`)."""
    newest = F.max(F.struct("last_event_at", *_NAMES)).alias("newest")
    return daily.groupBy(USER_ID).agg(newest).select(USER_ID, *(F.col(f"newest.{name}") for name in _NAMES))


def customer_rows(
    features: DataFrame,
    daily: DataFrame,
    scores: DataFrame,
    snapshot_id: int,
    key: str,
    *,
    as_of: date,
    floors: Mapping[str, float],
) -> DataFrame:
    """One row per customer, in the contract's columns; without a score, probability, band and reasons are null.

    Args:
        features: `user_features`.
        daily: `daily_activity`, for names, places and days, which no other table carries.
        scores: `churn_scores`.
        snapshot_id: number of the snapshot.
        key: secret of the pseudonyms.
        as_of: the last day of `activity`.
        floors: least probability of each band but the lowest.
    """
    joined = (
        features.join(latest_names(daily), on=USER_ID, how="left")
        .join(days_of(daily, as_of), on=USER_ID, how="left")
        .join(scores, on=USER_ID, how="left")
    )
    keyed = F.udf(name_key, "string", useArrow=True)
    return select_contract(
        with_pseudonyms(joined, key).withColumns(
            {
                "snapshot_id": F.lit(snapshot_id),
                "customer_number": F.col(USER_ID),
                "name_key": keyed(clean_text(F.concat_ws(" ", "first_name", "last_name"))),
                "last_name_key": keyed(clean_text(F.col("last_name"))),
                "risen_from": _risen_from(floors),
                "hold_out_draw": F.pmod(F.xxhash64(F.lit("hold-out"), F.col(USER_ID)), F.lit(HOLD_OUT_DRAWS)),
            }
        ),
        CUSTOMER_SNAPSHOT,
    )


def _risen_from(floors: Mapping[str, float]) -> Column:
    """The band of the probability then, by the floors of now, where the band is higher now."""
    if not floors:
        return F.lit(None).cast("string")
    then = F.get_json_object("change", "$.p").try_cast("double")
    # From the highest band down: whoever is in it now and was below its floor then has risen into it.
    bands = [RiskBand(name) for name in sorted(floors, key=lambda name: -floors[name])]
    was = F.lit(RiskBand.LOW.value)
    for band in reversed(bands):
        was = F.when(then >= floors[band], F.lit(band.value)).otherwise(was)
    risen = reduce(Column.__or__, ((F.col("risk_band") == band.value) & (then < floors[band]) for band in bands))
    return F.when(risen, was)
