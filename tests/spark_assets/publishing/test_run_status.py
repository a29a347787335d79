"""The newest failure in a real Postgres: told until a publish succeeds, and never after."""

from datetime import UTC, datetime, timedelta

import pytest
from pyspark.sql import SparkSession

from spark_assets.errors import PublishError
from spark_assets.publishing.run_status import note_failure
from tests.spark_assets.publishing.conftest import migrate, run_sql
from tests.spark_assets.publishing.snapshots import FACTS, customer, publish_rows

TOLD = "select dagster_run_id, causes from failed_run"


def test_a_failure_is_told_until_a_publish_succeeds(spark: SparkSession, database: str) -> None:
    publish_rows(spark, database, [customer("1")])
    now = datetime.now(UTC)
    assert note_failure(database, "second", now, "user_features: no room")
    assert run_sql(database, TOLD) == [("second", "user_features: no room")]
    assert note_failure(database, "third", now + timedelta(minutes=1), "still no room")
    assert not note_failure(database, "second", now, "user_features: no room")
    assert run_sql(database, TOLD) == [("third", "still no room")]
    publish_rows(spark, database, [customer("1")])
    assert run_sql(database, TOLD) == []


def test_a_failure_that_is_told_late_does_not_hide_a_newer_success(spark: SparkSession, database: str) -> None:
    began = datetime.now(UTC)
    publish_rows(spark, database, [customer("1")])
    assert not note_failure(database, "earlier", began, "no room")
    assert run_sql(database, TOLD) == []


def test_a_run_that_failed_after_its_publish_is_told(spark: SparkSession, database: str) -> None:
    publish_rows(spark, database, [customer("1")])
    assert note_failure(database, FACTS.dagster_run_id, datetime.now(UTC), "a check failed")
    assert run_sql(database, TOLD) == [(FACTS.dagster_run_id, "a check failed")]


def test_a_database_without_migrations_is_refused(bare_database: str) -> None:
    with pytest.raises(PublishError, match=r"Table failed_run is missing\. Run the portal's migrations"):
        note_failure(bare_database, "run", datetime.now(UTC), "no room")
    migrate(bare_database)
    assert note_failure(bare_database, "run", datetime.now(UTC), "no room")


def test_a_cause_that_quotes_an_odd_value_is_told(spark: SparkSession, database: str) -> None:
    assert note_failure(database, "odd", datetime.now(UTC), "cannot read \0 and \ud800")
    assert run_sql(database, TOLD) == [("odd", "cannot read \ufffd and \ufffd")]
