"""COPY by way of CSV: what comes out of Postgres is what Spark held."""

from datetime import UTC, date, datetime

import psycopg2
import pytest
from pyspark.sql import SparkSession

from spark_assets.contracts import CUSTOMER_SNAPSHOT
from spark_assets.publishing.staging import copy_to_stages
from tests.spark_assets.publishing.conftest import name_of, run_sql
from tests.spark_assets.publishing.snapshots import Row, customer, frame

ODD_TEXTS = (
    "", " ", '"', '""', "a,b", "a\nb", "a\r\nb", "\\N", "NULL", "\\.", "it's", "back\\slash", "Łódź \U0001f3b5", "\t",
    "line\n\\.\nline", "x" * 100_000,
)  # fmt: skip


def copied(
    spark: SparkSession, url: str, rows: list[Row], columns: str, partitions: int = 1
) -> list[tuple[object, ...]]:
    stages = copy_to_stages(frame(spark, rows, 7).repartition(partitions), url, CUSTOMER_SNAPSHOT.name, 7)
    assert sum(stage.rows for stage in stages) == len(rows)
    found = [row for stage in stages for row in run_sql(url, f"select {columns} from {stage.table}")]  # noqa: S608
    return sorted(found, key=str)


def test_any_text_survives_and_empty_is_not_null(spark: SparkSession, database: str) -> None:
    rows = [customer(str(number), first_name=text, last_name=None) for number, text in enumerate(ODD_TEXTS)]
    found = copied(spark, database, rows, "customer_number, first_name, last_name")
    assert found == sorted(((row["customer_number"], row["first_name"], None) for row in rows), key=str)


def test_numbers_survive_to_the_last_bit_and_nulls_stay(spark: SparkSession, database: str) -> None:
    values = (0.1 + 0.2, 1e-300, 1.7976931348623157e308, 5e-324, 0.0, None)
    rows = [customer(str(number), songs_per_day=value, songs_7d=2**31 - 1) for number, value in enumerate(values)]
    found = copied(spark, database, rows, "customer_number, songs_per_day, songs_7d")
    assert found == [(str(number), value, 2**31 - 1) for number, value in enumerate(values)]


def test_times_and_dates_are_utc_whatever_the_server_thinks(spark: SparkSession, database: str) -> None:
    run_sql(database, f"alter database {name_of(database)} set timezone to 'America/New_York'")
    seen_at = datetime(2018, 12, 1, 1, 30, 0, 123456, tzinfo=UTC)
    rows = [customer("1", last_seen_at=seen_at, registered_on=date(1969, 12, 31), cancelled_on=None)]
    assert copied(spark, database, rows, "last_seen_at, registered_on, cancelled_on") == [
        (seen_at, date(1969, 12, 31), None)
    ]


def test_each_task_has_a_stage_of_its_own(spark: SparkSession, database: str) -> None:
    rows = [customer(str(number)) for number in range(20)]
    narrow = frame(spark, rows, 7).repartition(3)
    stages = copy_to_stages(narrow, database, CUSTOMER_SNAPSHOT.name, 7)
    again = copy_to_stages(narrow, database, CUSTOMER_SNAPSHOT.name, 7)
    assert len({stage.table for stage in [*stages, *again]}) == 6
    assert sum(stage.rows for stage in stages) == sum(stage.rows for stage in again) == 20


def test_a_null_where_the_contract_has_none_is_refused(spark: SparkSession, database: str) -> None:
    with pytest.raises(Exception, match="null value in column"):
        copied(spark, database, [customer("1", last_seen_at=None)], "1")
    with pytest.raises(psycopg2.errors.UndefinedTable):
        run_sql(database, "select 1 from customer_snapshot_stage_7_0")
