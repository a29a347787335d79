"""Publishing against a real Postgres: readers see one snapshot or the next, whatever goes wrong in between."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, tzinfo
from typing import ClassVar

import psycopg2
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.errors import PublishError
from spark_assets.publishing import publish as publish_module
from spark_assets.publishing.publish import only_publisher, publish
from spark_assets.publishing.staging import Stage
from tests.spark_assets.publishing.conftest import run_sql
from tests.spark_assets.publishing.snapshots import FACTS, customer, frame, publish_rows, summary_of

TABLES = "select relname from pg_class where relkind = 'r' and relname like 'customer_snapshot%' order by 1"


def current(url: str) -> list[tuple[object, ...]]:
    return run_sql(url, "select customer_number from current_customer order by 1")


def test_a_second_publish_moves_the_pointer_and_keeps_the_first(spark: SparkSession, database: str) -> None:
    first = publish_rows(spark, database, [customer("1"), customer("2")])
    assert current(database) == [("1",), ("2",)]
    second = publish_rows(spark, database, [customer("2"), customer("3"), customer("10")], partitions=3)
    assert current(database) == [("10",), ("2",), ("3",)]
    assert second.snapshot_id > first.snapshot_id
    assert (second.customer_rows, second.scored_rows, second.dropped) == (3, 3, [])
    sizes = run_sql(database, "select snapshot_id, count(*) from customer_snapshot group by 1 order by 1")
    assert sizes == [(first.snapshot_id, 2), (second.snapshot_id, 3)]
    assert run_sql(database, TABLES) == [
        (f"customer_snapshot_s{first.snapshot_id}",),
        (f"customer_snapshot_s{second.snapshot_id}",),
    ]


def test_the_snapshot_row_says_what_was_published(spark: SparkSession, database: str) -> None:
    rows = [customer("1"), customer("2", churn_probability=None, risk_band=None, cancelled_on=FACTS.as_of_date)]
    published = publish_rows(spark, database, rows)
    columns = "snapshot_id, as_of_date, data_from, horizon_days, model_version, model_note, dagster_run_id, model_facts"
    (row,) = run_sql(database, f"select {columns}, model_card, customer_rows, scored_rows, summary from snapshot")  # noqa: S608
    assert row[:-1] == (published.snapshot_id, *vars(FACTS).values(), 2, 1)
    assert row[-1] == published.summary
    assert published.summary == summary_of(rows)
    age = run_sql(database, "select extract(epoch from now() - published_at)::int from snapshot")[0][0]
    assert isinstance(age, int)
    assert 0 <= age < 60


def test_retention_drops_the_oldest_snapshots_whole(spark: SparkSession, database: str) -> None:
    ids = [publish_rows(spark, database, [customer("1")]).snapshot_id for _ in range(2)]
    last = publish_rows(spark, database, [customer("1"), customer("2")], keep=1)
    assert sorted(last.dropped) == ids
    assert run_sql(database, "select snapshot_id from snapshot") == [(last.snapshot_id,)]
    assert run_sql(database, TABLES) == [(f"customer_snapshot_s{last.snapshot_id}",)]
    assert len(current(database)) == 2


def test_a_page_under_way_still_finds_its_customers_when_two_are_kept(spark: SparkSession, database: str) -> None:
    pointer = publish_rows(spark, database, [customer("1")]).snapshot_id
    publish_rows(spark, database, [customer("2")], keep=2)
    assert run_sql(database, f"select 1 from customer_snapshot where snapshot_id = {pointer}") == [(1,)]  # noqa: S608


def test_order_and_retention_are_those_of_publishing_whatever_the_clock_says(
    spark: SparkSession, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Set(datetime):
        years: ClassVar[list[int]] = [2035, 2010]

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override] # another class, as time is told
            return datetime(cls.years.pop(0), 1, 1, tzinfo=tz)

    monkeypatch.setattr(publish_module, "datetime", Set)
    ahead = publish_rows(spark, database, [customer("1")])
    behind = publish_rows(spark, database, [customer("2")], keep=1)
    assert current(database) == [("2",)]
    assert behind.dropped == [ahead.snapshot_id]


def test_partitions_have_every_index_of_their_parent(spark: SparkSession, database: str) -> None:
    publish_rows(spark, database, [customer("1")])
    unattached = run_sql(
        database,
        "select count(*) from pg_index i where i.indrelid = 'customer_snapshot'::regclass and not exists "
        "(select from pg_inherits h where h.inhparent = i.indexrelid)",
    )
    names = run_sql(database, "select indisvalid from pg_index where indrelid = 'customer_snapshot'::regclass")
    assert unattached == [(0,)]
    assert set(names) == {(True,)}


@contextmanager
def polling(url: str, seen: set[tuple[object, ...]]) -> Iterator[None]:
    """Read the current snapshot again and again, as the portal does, until the block ends."""
    stop = threading.Event()

    def poll() -> None:
        with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            while not stop.is_set():
                cursor.execute(
                    "select count(*), min(level), max(level), count(distinct snapshot_id) from current_customer"
                )
                seen.update(cursor.fetchall())

    thread = threading.Thread(target=poll)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=30)


def test_readers_see_whole_snapshots_only(spark: SparkSession, database: str) -> None:
    sizes = {"a": 40, "b": 70, "c": 10}
    snapshots = {name: [customer(str(n), level=name) for n in range(size)] for name, size in sizes.items()}
    publish_rows(spark, database, snapshots["a"])
    seen: set[tuple[object, ...]] = set()
    with polling(database, seen):
        for name in "bca":
            publish_rows(spark, database, snapshots[name], keep=1, partitions=2)
    assert seen == {(size, name, name, 1) for name, size in sizes.items()}


def test_a_publish_that_fails_in_spark_leaves_the_old_snapshot(spark: SparkSession, database: str) -> None:
    def failing(snapshot_id: int) -> DataFrame:
        rows = frame(spark, [customer("2"), customer("3")], snapshot_id)
        return rows.withColumn(
            "level", F.when(F.col("customer_number") == "3", F.raise_error("lost")).otherwise("paid")
        )

    publish_rows(spark, database, [customer("1")])
    with pytest.raises(Exception, match="lost"):
        publish(database, failing, lambda _: pytest.fail("never reached"), FACTS, 90)
    assert current(database) == [("1",)]
    publish_rows(spark, database, [customer("2")])
    assert current(database) == [("2",)]
    assert len(run_sql(database, TABLES)) == 2


def test_rows_lost_on_the_way_are_noticed(spark: SparkSession, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(*arguments: object) -> list[Stage]:
        return real(*arguments)[:-1]  # type: ignore[arg-type]

    publish_rows(spark, database, [customer("1")])
    real = publish_module.copy_to_stages
    monkeypatch.setattr(publish_module, "copy_to_stages", forgetful)
    with pytest.raises(PublishError, match=r"Spark had 3 customers, Postgres took [0-2]: nothing was published"):
        publish_rows(spark, database, [customer(str(number)) for number in (2, 3, 4)], partitions=2)
    assert current(database) == [("1",)]


def test_one_customer_twice_is_refused(spark: SparkSession, database: str) -> None:
    publish_rows(spark, database, [customer("1")])
    with pytest.raises(psycopg2.errors.UniqueViolation):
        publish_rows(spark, database, [customer("2"), customer("2")])
    assert current(database) == [("1",)]


def test_what_a_dead_publish_left_behind_is_dropped_and_nothing_else(spark: SparkSession, database: str) -> None:
    first = publish_rows(spark, database, [customer("1")]).snapshot_id
    strangers = ("customer_snapshot_notes", "customer0snapshot_stage_1", "customer_snapshot_s9_old")
    leftovers = ("customer_snapshot_stage_7_3", "customer_snapshot_s900")
    run_sql(database, *(f"create table {name} (like customer_snapshot)" for name in (*strangers, *leftovers)))
    second = publish_rows(spark, database, [customer("1")]).snapshot_id
    names = {name for (name,) in run_sql(database, TABLES.replace("customer_", "customer%"))}
    assert names == {f"customer_snapshot_s{first}", f"customer_snapshot_s{second}", *strangers}


def test_a_partition_that_a_dead_publish_had_attached_is_dropped(spark: SparkSession, database: str) -> None:
    first = publish_rows(spark, database, [customer("1")]).snapshot_id
    run_sql(database, "create table customer_snapshot_s900 partition of customer_snapshot for values in (900)")
    second = publish_rows(spark, database, [customer("1")]).snapshot_id
    assert run_sql(database, TABLES) == [(f"customer_snapshot_s{first}",), (f"customer_snapshot_s{second}",)]


def test_two_publishes_at_once_are_refused(spark: SparkSession, database: str) -> None:
    publish_rows(spark, database, [customer("1")])
    with only_publisher(database), pytest.raises(PublishError, match="Another run is publishing"):
        publish_rows(spark, database, [customer("2")])
    publish_rows(spark, database, [customer("3")])
    assert current(database) == [("3",)]


def test_a_detach_that_was_cut_short_is_finished_by_the_next_publish(spark: SparkSession, database: str) -> None:
    first = publish_rows(spark, database, [customer("1")]).snapshot_id
    publish_rows(spark, database, [customer("2")])
    with closing(psycopg2.connect(database)) as reader, reader.cursor() as cursor:
        cursor.execute("select count(*) from customer_snapshot")  # an open transaction makes DETACH wait
        with pytest.raises(psycopg2.errors.QueryCanceled):
            run_sql(
                database,
                "set statement_timeout = 300",
                f"alter table customer_snapshot detach partition customer_snapshot_s{first} concurrently",
            )
    third = publish_rows(spark, database, [customer("3")], keep=1)
    assert first in third.dropped
    assert run_sql(database, TABLES) == [(f"customer_snapshot_s{third.snapshot_id}",)]


def test_a_database_without_migrations_is_refused(spark: SparkSession, bare_database: str) -> None:
    with pytest.raises(PublishError, match="Table snapshot is missing"):
        publish_rows(spark, bare_database, [customer("1")])


def test_other_columns_than_the_contracts_are_refused(spark: SparkSession, database: str) -> None:
    run_sql(database, "alter table customer_snapshot add column shoe_size integer")
    with pytest.raises(PublishError, match=r"customer_snapshot has other columns.*shoe_size"):
        publish_rows(spark, database, [customer("1")])


def test_nobody_to_publish_is_a_snapshot_too(spark: SparkSession, database: str) -> None:
    publish_rows(spark, database, [customer("1")])
    published = publish_rows(spark, database, [])
    assert (published.customer_rows, published.scored_rows) == (0, 0)
    assert current(database) == []


def test_who_was_erased_while_the_snapshot_was_made_is_not_in_it(spark: SparkSession, database: str) -> None:
    columns = "(customer_number, pseudonym, erased_at, erased_by, reason)"
    run_sql(database, f"insert into erased_customer {columns} values ('1', '', now(), 'admin', 'asked')")  # noqa: S608
    published = publish_rows(spark, database, [customer("1"), customer("2")])
    assert published.customer_rows == 1
    assert current(database) == [("2",)]
    assert run_sql(database, "select customer_rows from snapshot") == [(1,)]


def test_an_erasure_under_way_is_waited_for(spark: SparkSession, database: str) -> None:
    columns = "(customer_number, pseudonym, erased_at, erased_by, reason)"
    with closing(psycopg2.connect(database)) as other, other.cursor() as cursor:
        cursor.execute(f"insert into erased_customer {columns} values ('1', '', now(), 'admin', 'asked')")  # noqa: S608
        publishing = threading.Thread(target=publish_rows, args=(spark, database, [customer("1"), customer("2")]))
        publishing.start()
        publishing.join(timeout=8)
        assert publishing.is_alive(), "the publish did not wait"
        other.commit()
        publishing.join(timeout=30)
    assert current(database) == [("2",)]
