"""One publisher at a time, also behind PgBouncer; and a lock that ends with its publisher, however that ends."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest
from pyspark.sql import DataFrame, SparkSession

from spark_assets.errors import PostgresAwayError, PublishError
from spark_assets.publishing.publish import only_publisher, publish
from tests.pgbouncer import other_clients, pooled
from tests.spark_assets.publishing.conftest import run_sql
from tests.spark_assets.publishing.snapshots import FACTS, customer, frame, publish_rows, summary_of

HELD = "select count(*) from pg_locks where locktype = 'advisory'"
END_IT = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'encore-publish-lock'"
HOLD = """
import sys, time
from spark_assets.publishing.publish import only_publisher
with only_publisher(sys.argv[1]):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def through(database: str) -> Iterator[str]:
    with pooled(database) as url:
        yield url


def test_publishes_one_after_the_other_behind_a_pool(spark: SparkSession, database: str, through: str) -> None:
    with other_clients(through):
        for number in "123":
            publish_rows(spark, through, [customer(number)], keep=2, partitions=2)
            assert run_sql(database, HELD) == [(0,)]
    assert run_sql(database, "select customer_number from current_customer") == [("3",)]
    assert run_sql(database, "select count(*) from pg_inherits where inhparent = 'customer_snapshot'::regclass") == [
        (2,)
    ]


def test_a_publish_within_another_is_refused_behind_a_pool(spark: SparkSession, database: str, through: str) -> None:
    refusals: list[str] = []

    def rows_of(number: int) -> DataFrame:
        for _ in range(20):
            with pytest.raises(PublishError) as refusal, only_publisher(through):
                pass
            refusals.append(str(refusal.value))
        return frame(spark, [customer("1")], number)

    with other_clients(through):
        publish(through, rows_of, lambda _: summary_of([customer("1")]), FACTS, 2)
    assert len(refusals) == 20
    assert all("Another run is publishing" in each for each in refusals)
    assert run_sql(database, "select customer_number from current_customer") == [("1",)]


@pytest.mark.parametrize("is_pooled", [False, True], ids=["direct", "behind a pool"])
def test_the_lock_of_a_killed_publisher_is_free_at_once(database: str, through: str, is_pooled: bool) -> None:
    url = through if is_pooled else database
    holder = subprocess.Popen([sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(PublishError, match="Another run"), only_publisher(url):
        pass
    holder.kill()
    holder.wait(timeout=30)
    for _ in range(100):
        with suppress(PublishError), only_publisher(url):
            return
    pytest.fail("the lock outlived its publisher")


def test_a_publisher_that_lost_its_lock_publishes_nothing(spark: SparkSession, database: str) -> None:
    publish_rows(spark, database, [customer("1")])

    def rows_of(number: int) -> DataFrame:
        run_sql(database, END_IT)
        return frame(spark, [customer("2")], number)

    with pytest.raises(PostgresAwayError, match="ended the connection"):
        publish(database, rows_of, lambda _: summary_of([customer("2")]), FACTS, 2)
    assert run_sql(database, "select customer_number from current_customer") == [("1",)]


def test_a_server_that_ends_idle_transactions_leaves_the_lock(spark: SparkSession, database: str) -> None:
    (name,) = run_sql(database, "select current_database()")[0]
    run_sql(database, f"alter database {name} set idle_in_transaction_session_timeout = 200")

    def rows_of(number: int) -> DataFrame:
        run_sql(database, "select pg_sleep(1)")
        return frame(spark, [customer("1")], number)

    publish(database, rows_of, lambda _: summary_of([customer("1")]), FACTS, 2)
    assert run_sql(database, "select customer_number from current_customer") == [("1",)]
