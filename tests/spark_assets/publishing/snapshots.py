"""Snapshots small enough to write inline, and how to publish them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from spark_assets.contracts import CUSTOMER_SNAPSHOT, ColumnType
from spark_assets.contracts.summary import SnapshotSummary
from spark_assets.publishing.publish import Published, SnapshotFacts, publish

Row = dict[str, Any]

ARROW_TYPES = {
    ColumnType.BIGINT: pa.int64(),
    ColumnType.INTEGER: pa.int32(),
    ColumnType.DOUBLE: pa.float64(),
    ColumnType.TEXT: pa.string(),
    ColumnType.DATE: pa.date32(),
    ColumnType.TIMESTAMP: pa.timestamp("us", tz="UTC"),
    ColumnType.JSON: pa.string(),
}
SCHEMA = pa.schema([(column.name, ARROW_TYPES[column.type]) for column in CUSTOMER_SNAPSHOT.columns])
FACTS = SnapshotFacts(
    as_of_date=date(2018, 12, 1),
    data_from=date(2018, 10, 1),
    horizon_days=14,
    model_version="2018-12-01.1",
    model_note=None,
    dagster_run_id="5f0c2a2e",
    model_facts={
        "estimator": "RandomForest",
        "made_on": "2018-12-02",
        "base": -3.1,
        "features": {"songs_7d": {"topic": "songs", "typical": 42.0}},
        "of_a_hundred": [],
        "previous": {"as_of": "2018-11-30", "same_model": True},
        "shifted": {'Songs, "quoted" in the last 7 days': 0.3},
        "stale_after_days": 3,
        "old_after_days": 35,
    },
    model_card={"estimator": "RandomForest", "seed": 7},
)


def customer(number: str, **changes: Any) -> Row:  # noqa: ANN401 - any column
    """Return a scored customer, with `changes`."""
    return {
        "snapshot_id": 0,
        "customer_number": number,
        "first_name": "Zoë",
        "last_name": "Keating",
        "gender": "F",
        "level": "paid",
        "location": "Bozeman, MT",
        "registered_on": date(2018, 9, 30),
        "last_seen_at": datetime(2018, 11, 30, 21, 5, 0, 250000, tzinfo=UTC),
        "cancelled_on": None,
        "days_listened": 20,
        "songs_per_day": 60.5,
        "account_age_days": 62,
        "days_listened_7d": 3,
        "days_listened_30d": 11,
        "songs_7d": 150,
        "songs_30d": 640,
        "churn_probability": 0.3,
        "risk_band": "high",
        "reasons": '[{"f":"songs_7d","c":0.5,"v":150.0,"q":80,"s":"150 songs, \\"so\\""}]',
        "change": '{"p":0.2,"m":[]}',
        "doubts": None,
        "name_key": "zoe keating",
        "last_name_key": "keating",
        "risen_from": "medium",
        "hold_out_draw": 4_321,
        "activity": "[0,12]",
        "moments": '[{"d":"2018-11-03","k":"upgrade","n":1}]',
        "pseudonym": "PAAAAAAAAAAAAAAAA",
        **changes,
    }


def frame(spark: SparkSession, rows: Sequence[Row], snapshot_id: int = 0) -> DataFrame:
    """Return rows of `customer_snapshot`."""
    numbered = [{**row, "snapshot_id": snapshot_id} for row in rows]
    return spark.createDataFrame(pa.Table.from_pylist(numbered, schema=SCHEMA))


def summary_of(rows: Sequence[Row]) -> SnapshotSummary:
    """Return a summary that is right in what the publisher reads of it; no Spark, as most tests publish often."""
    return {
        "customers": len(rows),
        "active": sum(row["cancelled_on"] is None for row in rows),
        "cancelled": sum(row["cancelled_on"] is not None for row in rows),
        "scored": sum(row["churn_probability"] is not None for row in rows),
        "median_days_listened": None,
        "median_songs_per_day": None,
        "bands": {},
        "base_rate": 0.12,
        "band_lifts": {"high": 2.0},
        "band_floors": {"high": 0.24},
        "genders": {"Zoë's": 1},
        "levels": {},
        "risk_histogram": [],
        "sample": [],
        "percentiles": {},
        "bands_by_level": {},
        "places": [],
        "risen": None,
        "drivers": {},
        "set_aside": 0,
    }


def publish_rows(spark: SparkSession, url: str, rows: Sequence[Row], keep: int = 90, partitions: int = 1) -> Published:
    """Publish rows as the next snapshot, from so many partitions."""

    def rows_of(snapshot_id: int) -> DataFrame:
        made = frame(spark, rows, snapshot_id)
        return made.repartition(partitions) if partitions > 1 else made.coalesce(1)

    return publish(url, rows_of, lambda _: summary_of(rows), FACTS, keep)
