"""Publish made-up customers three times in a row: `python -m tests.benchmarks.publishing FOLDER CUSTOMERS`.

The address is that of `DATABASE_URL`. Each time, all customers are on a level of their own, so that readers can tell
one snapshot from the other by any row.
"""

import json
import random
import re
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.publishing import partitions, retention
from spark_assets.publishing.customer_rows import customer_rows
from spark_assets.publishing.postgres import publisher_url
from spark_assets.publishing.publish import SnapshotFacts, publish
from spark_assets.publishing.summary import Bands, summarise
from spark_assets.session import build_session
from tests.benchmarks import names
from tests.webportal.cards import MODEL_CARD
from tests.webportal.publishing import AS_OF, DATA_FROM, FLOORS, LIFTS
from tests.webportal.told import CHANGE, MODEL_FACTS, REASONS

TURNS = 3
KEPT = 2
"""Snapshots that stay: the third publish drops the first."""

DAYS_EACH = 10
"""Days of `daily_activity` of each customer."""

FIRST_PART = "Spark and COPY"
PARTS = {
    "make_partition": "rows into the partition",
    "build_indexes": "indexes",
    "summarise": "summary in Spark",
    "attach": "attach and pointer",
    "drop_old": "drop what is old",
}
"""What begins, after the first part, when the publisher calls one of these functions of its modules."""

_NAMES = 500
_NUMBER = re.compile(r"(?<!\w)(\d+)(?!\w)")
_CANCELLED = 0.05


def level_of(turn: int) -> str:
    """Return the level that all customers are on in a turn."""
    return f"level {turn}"


def features(spark: SparkSession, customers: int, turn: int) -> DataFrame:
    """What publishing reads of `user_features`."""
    days = (1 + 60 * F.pow(F.rand(1), 2)).cast("int")
    age = (30 + 1_500 * F.pow(F.rand(2), 2)).cast("int")
    return spark.range(customers).select(
        F.col("id").cast("string").alias("user_id"),
        F.when(F.rand(3) < 0.48, "F").otherwise("M").alias("gender"),
        F.lit(level_of(turn)).alias("level"),
        F.date_sub(F.lit(AS_OF), age).alias("registered_on"),
        F.timestamp_seconds(F.unix_seconds(F.lit(AS_OF).cast("timestamp")) - (F.rand(4) * 5e6).cast("long")).alias(
            "last_seen_at"
        ),
        F.when(F.rand(5) < _CANCELLED, F.lit(AS_OF)).alias("cancelled_on"),
        *(days.alias(name) for name in ("days_listened", "days_listened_7d", "days_listened_30d")),
        *((5 + 110 * F.rand(6)).alias(name) for name in ("songs_per_day", "songs_7d", "songs_30d")),
        age.alias("account_age_days"),
    )


def daily(spark: SparkSession, customers: int) -> DataFrame:
    """What publishing reads of `daily_activity`."""
    dice = random.Random(1)  # noqa: S311 - sample data
    pools = (names.first_names(dice), names.last_names(dice), names.places(dice))
    ago = 6 * F.col("nth") + F.pmod(F.hash("user_id"), F.lit(6))
    known = spark.range(customers).select(
        F.col("id").cast("string").alias("user_id"), F.explode(F.sequence(F.lit(0), F.lit(DAYS_EACH - 1))).alias("nth")
    )
    return known.select(
        "user_id",
        F.date_sub(F.lit(AS_OF), ago.cast("int")).alias("event_date"),
        F.timestamp_seconds(F.unix_seconds(F.lit(AS_OF).cast("timestamp")) - 86_400 * ago).alias("last_event_at"),
        *(
            _drawn(pool[:_NAMES], name)
            for pool, name in zip(pools, ("first_name", "last_name", "location"), strict=True)
        ),
        (1 + F.rand(7) * 120).cast("int").alias("songs"),
        *((F.rand(8) < 0.03).cast("int").alias(name) for name in ("upgrades", "downgrades", "errors", "help_visits")),
        F.lit(None).cast("timestamp").alias("cancelled_at"),
    )


def scores(features: DataFrame, turn: int) -> DataFrame:
    """What publishing reads of `churn_scores`; sentences are of full length."""
    probability = F.round(0.9 * F.pow(F.rand(turn), 6), 6)
    alive = features.where(F.col("cancelled_on").isNull()).select("user_id", probability.alias("churn_probability"))
    band = F.lit("low")
    for name, floor in sorted(FLOORS.items(), key=lambda item: item[1]):
        band = F.when(F.col("churn_probability") >= floor, F.lit(name)).otherwise(band)
    doubts = F.lit(None).cast("string").alias("doubts")
    told = [_varied(REASONS, 100).alias("reasons"), _varied(CHANGE, 200).alias("change"), doubts]
    return alive.select("*", band.alias("risk_band"), *told)


def _varied(document: object, seed: int) -> Column:
    """A document with other numbers for each customer: a text that all share takes next to nothing on the disk."""
    parts = _NUMBER.split(json.dumps(document))
    drawn = [
        F.floor(F.rand(seed + place) * 10 ** len(part)).cast("string") if place % 2 else F.lit(part)
        for place, part in enumerate(parts)
    ]
    return F.concat(*drawn)


def _drawn(pool: list[str], name: str) -> Column:
    return F.element_at(F.lit(pool), (1 + F.pmod(F.hash(F.lit(name), "user_id"), F.lit(len(pool)))).cast("int")).alias(
        name
    )


def _once(frame: DataFrame, folder: Path) -> DataFrame:
    """A table as an earlier step leaves it; that of an earlier run is used again."""
    if not (folder / "_SUCCESS").exists():
        frame.write.mode("overwrite").parquet(str(folder))
    return frame.sparkSession.read.parquet(str(folder))


def _noting(name: str, work: Callable[..., Any], began: list[tuple[str, float]]) -> Callable[..., Any]:
    def noted(*arguments: object) -> object:
        began.append((PARTS[name], time.monotonic()))
        return work(*arguments)

    return noted


def _sizes(url: str, snapshot_id: int) -> tuple[int, int]:
    """Return bytes of the rows and of the indexes of a snapshot."""
    partition = f"customer_snapshot_s{snapshot_id}"
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("select pg_table_size(%s::regclass), pg_indexes_size(%s::regclass)", (partition, partition))
        rows, indexes = cursor.fetchall()[0]
    return rows, indexes


def main(folder: Path, customers: int) -> None:
    """Make tables, publish and print, as one line of JSON, when each part of each publish began."""
    spark, url = build_session("bench"), publisher_url()
    began: list[tuple[str, float]] = []
    for name in PARTS:
        if name != "summarise":
            module = retention if hasattr(retention, name) else partitions
            setattr(module, name, _noting(name, getattr(module, name), began))
    cut = Bands(FLOORS["medium"], LIFTS, FLOORS)
    summed_up = _noting("summarise", summarise, began)
    days = _once(daily(spark, customers), folder / "daily")
    tables = []
    for turn in range(1, TURNS + 1):
        known = _once(features(spark, customers, turn), folder / f"features-{turn}")
        tables.append((known, _once(scores(known, turn), folder / f"scores-{turn}")))
    turns = []
    for turn, (known, scored) in enumerate(tables, start=1):
        facts = SnapshotFacts(AS_OF, DATA_FROM, 14, "2018-12-01.1", None, f"turn {turn}", MODEL_FACTS, MODEL_CARD)

        def rows_of(snapshot_id: int, known: DataFrame = known, scored: DataFrame = scored) -> DataFrame:
            key = "a key of the benchmark alone"
            return customer_rows(known, days, scored, snapshot_id, key, as_of=AS_OF, floors=FLOORS)

        began.clear()
        started = time.monotonic()
        published = publish(url, rows_of, lambda rows: summed_up(rows, cut), facts, KEPT)
        ended = time.monotonic()
        heap, indexes = _sizes(url, published.snapshot_id)
        turns.append(
            {
                "snapshot_id": published.snapshot_id,
                "level": level_of(turn),
                "rows": published.customer_rows,
                "dropped": published.dropped,
                "started": started,
                # what is called at the beginning too, to clean up, belongs to no part
                "began": [(FIRST_PART, started), *began[1:]],
                "ended": ended,
                "heap_bytes": heap,
                "index_bytes": indexes,
            }
        )
    sys.stdout.write("\n" + json.dumps(turns) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
