"""Old partitions go without long waits: what another transaction holds goes with a later publish."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
import pytest
from pyspark.sql import SparkSession

from spark_assets.errors import PublishError
from spark_assets.publishing import partitions, retention
from tests.pgbouncer import pooled
from tests.spark_assets.publishing.conftest import run_sql
from tests.spark_assets.publishing.snapshots import customer, publish_rows

PARTITIONS = (
    "select relname::text from pg_class where relkind = 'r' and relname like 'customer_snapshot_s%' order by oid"
)


@contextmanager
def reading(url: str) -> Iterator[None]:
    """A report that has read every snapshot in a transaction that stays open."""
    with closing(psycopg2.connect(url, application_name="a report")) as reader, reader.cursor() as cursor:
        cursor.execute("select count(*) from customer_snapshot")
        yield


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MAX_WAIT_SECONDS", 0.5)


@pytest.mark.parametrize("is_pooled", [False, True], ids=["direct", "behind a pool"])
def test_a_partition_that_is_read_goes_with_a_later_publish(
    spark: SparkSession, database: str, is_pooled: bool
) -> None:
    with pooled(database) as through:
        url = through if is_pooled else database
        first = publish_rows(spark, url, [customer("1")]).snapshot_id
        publish_rows(spark, url, [customer("2")])
        with reading(database):
            third = publish_rows(spark, url, [customer("3")], keep=2)
            assert third.dropped == [first]
            assert third.waiting is not None
            assert f"Partition customer_snapshot_s{first} waits for process" in third.waiting
            assert "(a report, in a transaction since" in third.waiting
            fourth = publish_rows(spark, url, [customer("4")], keep=2)
            assert fourth.waiting is not None
            assert run_sql(database, "select customer_number from current_customer") == [("4",)]
            assert run_sql(database, "select count(*) from snapshot") == [(2,)]
        fifth = publish_rows(spark, url, [customer("5")], keep=2)
        assert fifth.waiting is None
        kept = [(f"customer_snapshot_s{each.snapshot_id}",) for each in (fourth, fifth)]
        assert run_sql(database, PARTITIONS) == kept


def test_retention_hears_a_signal(spark: SparkSession, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MAX_WAIT_SECONDS", 600.0)
    publish_rows(spark, database, [customer("1")])
    with reading(database), closing(psycopg2.connect(database)) as connection:
        connection.autocommit = True
        threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
        began = time.monotonic()
        run_sql(database, "delete from current_snapshot")
        with connection.cursor() as cursor, pytest.raises(KeyboardInterrupt):
            retention.drop_old(cursor, database, 0)
        assert time.monotonic() - began < 15
    assert run_sql(database, "select count(*) from pg_locks where not granted") == [(0,)]


def test_a_table_that_somebody_changes_is_named(
    spark: SparkSession, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "LONGEST_LOCK", "500ms")
    with closing(psycopg2.connect(database, application_name="psql")) as other, other.cursor() as cursor:
        cursor.execute("lock table customer_snapshot in share row exclusive mode")
        with pytest.raises(PublishError, match=r"customer_snapshot is held by process \d+ \(psql, in a transaction"):
            publish_rows(spark, database, [customer("1")])


def test_an_erasure_that_stays_open_is_told(
    spark: SparkSession, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "LONGEST_LOCK", "500ms")
    with closing(psycopg2.connect(database)) as other, other.cursor() as cursor:
        cursor.execute("lock table erased_customer in row exclusive mode")
        with pytest.raises(PublishError, match="An erasure has been under way"):
            publish_rows(spark, database, [customer("1")])
    publish_rows(spark, database, [customer("1")])
