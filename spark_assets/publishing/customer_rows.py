"""Rows of `customer_snapshot`: features, profile, score, days and pseudonym of every customer ever logged in."""

import hmac
from base64 import b32encode
from collections.abc import Mapping
from datetime import date
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.contracts import CUSTOMER_SNAPSHOT, RiskBand
from spark_assets.contracts.explanations import ACTIVITY_DAYS, HOLD_OUT_DRAWS, MOST_MOMENTS, MomentKind
from spark_assets.contracts.search_keys import name_key
from spark_assets.errors import SettingsError
from spark_assets.lake.schema import EVENT_DATE, USER_ID
from spark_assets.publishing.publishable_rows import clean_text
from spark_assets.publishing.staging import select_contract

LEAST_KEY_LENGTH = 20
_BYTES = 10
"""80 bits: among ten million customers two share one with a probability of 4e-11."""


def check_key(key: str | None) -> str:
    """Return the key, if it can keep pseudonyms from being computed by trying out all numbers.

    Raises:
        SettingsError: it is missing or too short.
    """
    if not key or len(key) < LEAST_KEY_LENGTH:
        raise SettingsError(
            f"ENCORE_PSEUDONYM_KEY must be a secret of at least {LEAST_KEY_LENGTH} characters. `make` targets set it; "
            "keep it: with another key every customer has another pseudonym."
        )
    return key


def pseudonym(number: str | bytes, key: str) -> str:
    """Return the pseudonym of a customer number: `P` and 16 letters and digits of its HMAC-SHA256."""
    digest = hmac.digest(key.encode(), number.encode() if isinstance(number, str) else bytes(number), "sha256")
    return "P" + b32encode(digest[:_BYTES]).decode()


def with_pseudonyms(customers: DataFrame, key: str) -> DataFrame:
    """Add the column `pseudonym`; the key travels with the function, so that it stands in no plan and no setting."""

    named = F.udf(lambda number: pseudonym(number, key), "string", useArrow=True)
    # As bytes, for a number of an old lake may be no UTF-8, which Python would refuse.
    return customers.withColumn("pseudonym", named(F.col(USER_ID).cast("binary")))


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
