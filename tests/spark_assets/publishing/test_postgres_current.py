import pytest
from pyspark.sql import SparkSession

from spark_assets.publishing.postgres import mean_probability
from tests.spark_assets.publishing.snapshots import FACTS, customer, publish_rows


def test_the_mean_is_of_the_snapshot_that_readers_see(spark: SparkSession, database: str) -> None:
    assert mean_probability(database, FACTS.horizon_days) is None
    publish_rows(spark, database, [customer("1", churn_probability=0.9)])
    rows = [customer("1", churn_probability=0.1), customer("2", churn_probability=0.3)]
    unscored = customer("3", churn_probability=None, risk_band=None)
    publish_rows(spark, database, [*rows, unscored])
    assert mean_probability(database, FACTS.horizon_days) == pytest.approx(0.2)


def test_another_horizon_is_not_compared(spark: SparkSession, database: str) -> None:
    publish_rows(spark, database, [customer("1", churn_probability=0.9)])
    assert mean_probability(database, FACTS.horizon_days + 1) is None
    assert mean_probability(database, None) is None


def test_nobody_scored_has_no_mean(spark: SparkSession, database: str) -> None:
    publish_rows(spark, database, [customer("1", churn_probability=None, risk_band=None)])
    assert mean_probability(database, FACTS.horizon_days) is None
