import json
from datetime import date

from pyspark.sql import SparkSession

from spark_assets.lake.tables import ROWS, preview
from tests.spark_assets.features.frames import daily_frame, day


def test_no_value_of_a_customer_is_shown(spark: SparkSession) -> None:
    people = {"user_id": "8675309", "first_name": "Micah", "last_name": "Long", "location": "Bozeman, MT"}
    shown = json.dumps(preview(daily_frame(spark, [day(date(2018, 12, 1), **people), day(date(2018, 12, 1))])))
    assert not [value for value in (*people.values(), "2018") if value in shown]


def test_columns_are_told_in_figures(spark: SparkSession) -> None:
    rows = [(date(2018, 12, 1), share, None, share == 1.0) for share in (1.0, 0.0, 0.0)]
    shown = preview(spark.createDataFrame(rows, "on date, share double, gap string, left boolean"))
    assert shown == [
        {"column": "on", "type": "date", "known_percent": 100.0, "mean": None},
        {"column": "share", "type": "double", "known_percent": 100.0, "mean": 0.3333},
        {"column": "gap", "type": "string", "known_percent": 0.0, "mean": None},
        {"column": "left", "type": "boolean", "known_percent": 100.0, "mean": 0.3333},
    ]


def test_an_empty_table_has_columns_alone(spark: SparkSession) -> None:
    assert preview(spark.range(0).select("id")) == [
        {"column": "id", "type": "bigint", "known_percent": None, "mean": None}
    ]


def test_large_tables_are_looked_at_in_part(spark: SparkSession) -> None:
    (shown,) = preview(spark.range(0, ROWS + 1_000, numPartitions=1).select("id"))
    assert shown["mean"] == (ROWS - 1) / 2
