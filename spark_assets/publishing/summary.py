"""The figures of the overview page, computed once per snapshot."""

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.contracts import OTHERS, UNKNOWN, RiskBand
from spark_assets.contracts.summary import Driver, PlaceShare, SamplePoint, SnapshotSummary

SAMPLE_SIZE = 2_000
HISTOGRAM_BINS = 20
PLACES = 12
REGION = ", ([^,]*)$"
MEASURES = ("days_listened", "songs_per_day")
MAX_VALUES = 50
"""Levels and genders that are named: the logs decide how many there are."""


@dataclass(frozen=True)
class Bands:
    """What cut the bands, as the notes of `churn_scores` hold it."""

    base_rate: float | None
    lifts: dict[str, float]
    floors: dict[str, float]


def summarise(customers: DataFrame, cut: Bands) -> SnapshotSummary:
    """Summarise rows of `customer_snapshot`; see `SnapshotSummary` for the meaning of each figure."""
    totals = _totals(customers)
    bands = _counts(customers.where(F.col("risk_band").isNotNull()), "risk_band")
    return SnapshotSummary(
        customers=totals["customers"],
        active=totals["active"],
        cancelled=totals["customers"] - totals["active"],
        scored=totals["scored"],
        median_days_listened=totals["median_days_listened"],
        median_songs_per_day=totals["median_songs_per_day"],
        bands={band.value: bands.get(band.value, 0) for band in RiskBand},
        base_rate=cut.base_rate,
        band_lifts=cut.lifts,
        band_floors=cut.floors,
        genders=_counts(customers, "gender"),
        levels=_counts(customers, "level"),
        risk_histogram=_histogram(customers),
        sample=_sample(customers),
        percentiles=_percentiles(customers),
        bands_by_level=_most(_bands_by(customers, "level")),
        places=_places(customers),
        risen=_risen(customers),
        drivers=_drivers(customers, totals["scored"]),
        set_aside=0,
    )


def _totals(customers: DataFrame) -> Row:
    row = customers.agg(
        F.count("*").alias("customers"),
        F.count(F.when(F.col("cancelled_on").isNull(), 1)).alias("active"),
        F.count("churn_probability").alias("scored"),
        F.median("days_listened").alias("median_days_listened"),
        F.median("songs_per_day").alias("median_songs_per_day"),
    ).first()
    assert row is not None, "an aggregate without groups has one row"  # noqa: S101 - narrows the type
    return row


def _counts(customers: DataFrame, column: str) -> dict[str, int]:
    value = F.coalesce(F.col(column), F.lit(UNKNOWN)).alias("value")
    rows = customers.groupBy(value).count().orderBy(F.desc("count"), "value").limit(MAX_VALUES).collect()
    counts = {row["value"]: row["count"] for row in sorted(rows, key=lambda row: row["value"])}
    others = customers.count() - sum(counts.values()) if len(rows) == MAX_VALUES else 0
    return counts | ({OTHERS: others} if others else {})


def _histogram(customers: DataFrame) -> list[int]:
    # Times the bins, not over their width: 0.15 / 0.05 falls short of 3.
    bin_number = F.least(F.floor(F.col("churn_probability") * HISTOGRAM_BINS), F.lit(HISTOGRAM_BINS - 1)).alias("bin")
    scored = customers.where(F.col("churn_probability").isNotNull())
    counts = {row["bin"]: row["count"] for row in scored.groupBy(bin_number).count().collect()}
    return [counts.get(index, 0) for index in range(HISTOGRAM_BINS)]


def _sample(customers: DataFrame) -> list[SamplePoint]:
    drawn = (
        customers.where(F.col("songs_per_day").isNotNull())
        .orderBy(F.xxhash64("customer_number"), "customer_number")
        .limit(SAMPLE_SIZE)
        .select("days_listened", F.round("songs_per_day", 2).alias("songs_per_day"), _group().alias("group"))
    )
    return [
        SamplePoint(days_listened=row["days_listened"], songs_per_day=row["songs_per_day"], group=row["group"])
        for row in drawn.collect()
    ]


def _group() -> Column:
    cancelled = F.when(F.col("cancelled_on").isNotNull(), F.lit("cancelled"))
    return F.coalesce(cancelled, F.col("risk_band"), F.lit("unscored"))


def _percentiles(customers: DataFrame) -> dict[str, list[float]]:
    """Of each measure the values at 0, 1, ... 100 %; exact, as Spark's `percentile` counts values and not rows."""
    at = F.array(*(F.lit(step / 100) for step in range(101)))
    rounded = {name: F.round(name, 2) for name in MEASURES}
    row = customers.agg(*(F.percentile(value, at).alias(name) for name, value in rounded.items())).first()
    return {name: list(row[name]) if row and row[name] else [] for name in MEASURES}


def _bands_by(customers: DataFrame, column: str) -> dict[str, dict[str, int]]:
    value = F.coalesce(F.col(column), F.lit(UNKNOWN)).alias("value")
    rows = customers.where(F.col("risk_band").isNotNull()).groupBy(value, "risk_band").count().collect()
    found: dict[str, dict[str, int]] = {}
    for row in sorted(rows, key=lambda row: row["value"]):
        found.setdefault(row["value"], {band.value: 0 for band in RiskBand})[row["risk_band"]] = row["count"]
    return found


def _most(counted: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Keep the values with most customers."""
    kept = sorted(counted, key=lambda value: (-sum(counted[value].values()), value))[:MAX_VALUES]
    return {value: counted[value] for value in sorted(kept)}


def _places(customers: DataFrame) -> list[PlaceShare]:
    """Regions, as the portal's filter knows them; a place without a region counts under its own name."""
    region = F.regexp_extract("location", REGION, 1)
    named = customers.withColumn("place", F.when(region != "", region).otherwise(F.col("location")))
    counted = _bands_by(named, "place")
    most = sorted(counted, key=lambda place: (-counted[place][RiskBand.HIGH], -sum(counted[place].values()), place))
    return [PlaceShare(place=place, bands=counted[place]) for place in most[:PLACES]]


def _risen(customers: DataFrame) -> int | None:
    compared = F.count("change").alias("compared")
    risen = F.count(F.when(F.col("risen_from").isNotNull() & (F.col("risk_band") == RiskBand.HIGH.value), 1))
    row = customers.agg(compared, risen.alias("risen")).first()
    return int(row["risen"]) if row and row["compared"] else None


def _drivers(customers: DataFrame, scored: int) -> dict[str, Driver]:
    reasons = F.from_json("reasons", "array<struct<f string, c double>>")
    told = customers.where(F.col("churn_probability").isNotNull()).select(F.inline(reasons))
    rows = (
        told.groupBy("f")
        .agg(
            F.count(F.when(F.col("c") > 0, 1)).alias("raises"),
            F.count(F.when(F.col("c") < 0, 1)).alias("lowers"),
            F.sum(F.abs("c")).alias("weight"),
        )
        .collect()
    )
    return {
        row["f"]: Driver(raises=row["raises"], lowers=row["lowers"], weight=round(row["weight"] / scored, 6))
        for row in sorted(rows, key=lambda row: (-row["weight"], row["f"]))
    }
