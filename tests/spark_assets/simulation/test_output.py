from datetime import date, timedelta

import pytest
from chispa import assert_df_equality
from pyspark.sql import SparkSession
from pyspark.sql import functions as sf

from spark_assets.simulation.output import simulate_events, simulate_truth
from spark_assets.simulation.settings import SimulationSettings

pytestmark = pytest.mark.spark

SETTINGS = SimulationSettings(users=30, days=5, seed=3, start=date(2020, 2, 27))


def test_events_carry_their_utc_date_and_stay_in_the_window(spark: SparkSession) -> None:
    rows = simulate_events(spark, SETTINGS).collect()

    assert rows
    assert {row["event_date"] for row in rows} <= {SETTINGS.start + timedelta(days=day) for day in range(5)}
    assert all(row["line"].startswith(f'{{"ts":{row["ts"]},') for row in rows)
    assert all(row["ts"] // 86_400_000 == (row["event_date"] - date(1970, 1, 1)).days for row in rows)


def test_partitioning_changes_no_row(spark: SparkSession) -> None:
    one = simulate_events(spark, SETTINGS, tasks=1)
    many = simulate_events(spark, SETTINGS, tasks=7)

    assert many.rdd.getNumPartitions() == 7
    assert_df_equality(one, many, ignore_row_order=True)


def test_truth_has_a_hazard_for_each_listener_and_day(spark: SparkSession) -> None:
    truth = simulate_truth(spark, SETTINGS)

    assert truth.columns == ["user_id", "date", "hazard", "cancelled"]
    assert truth.groupBy("user_id", "date").count().where("count > 1").isEmpty()
    assert truth.where("hazard <= 0 or hazard >= 1 or hazard is null").isEmpty()
    assert truth.agg(sf.max("date")).first() == (date(2020, 3, 2),)


def test_cancellations_in_the_log_are_those_of_the_truth(spark: SparkSession) -> None:
    settings = SimulationSettings(users=120, days=20, seed=3)
    logged = simulate_events(spark, settings).where("line like '%\"Cancellation Confirmation\"%'")
    logged = logged.select(sf.get_json_object("line", "$.userId").alias("user_id"), sf.col("event_date").alias("date"))
    true = simulate_truth(spark, settings).where("cancelled").select("user_id", "date")

    assert true.count() > 3
    assert_df_equality(logged, true, ignore_row_order=True, ignore_nullable=True)
