import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
import pytest

from spark_assets.contracts import CUSTOMER_SNAPSHOT
from spark_assets.errors import PublishError
from spark_assets.publishing import partitions
from spark_assets.publishing.postgres import connect
from spark_assets.publishing.staging import Stage
from tests.spark_assets.publishing.conftest import run_sql


@contextmanager
def reading_for(url: str, seconds: float) -> Iterator[None]:
    """Hold a reader's lock on `customer_snapshot` for some seconds."""
    started = threading.Event()

    def read() -> None:
        with closing(psycopg2.connect(url)) as reader, reader.cursor() as cursor:
            cursor.execute("select count(*) from customer_snapshot")
            started.set()
            time.sleep(seconds)

    thread = threading.Thread(target=read)
    thread.start()
    started.wait(timeout=30)
    yield
    thread.join(timeout=30)


def seconds_waited(url: str) -> float:
    with connect(url) as connection, connection.cursor() as cursor:
        began = time.monotonic()
        partitions.wait_for_planned_queries(cursor, CUSTOMER_SNAPSHOT)
        return time.monotonic() - began


def test_queries_that_may_know_the_old_partitions_only_are_waited_for(database: str) -> None:
    with reading_for(database, 0.6):
        assert seconds_waited(database) > 0.3


def test_the_wait_for_an_idle_reader_ends(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "_LONGEST_WAIT_SECONDS", 0.1)
    with reading_for(database, 3):
        assert 0.1 <= seconds_waited(database) < 2


def test_without_readers_nobody_waits(database: str) -> None:
    assert seconds_waited(database) < 0.3


def test_attached_partitions_are_told_from_others(database: str) -> None:
    run_sql(
        database,
        "create table customer_snapshot_s12 partition of customer_snapshot for values in (12)",
        "create table customer_snapshot_s3 partition of customer_snapshot for values in (3)",
        "create table customer_snapshot_s4 (like customer_snapshot)",
    )
    with connect(database) as connection, connection.cursor() as cursor:
        assert partitions.attached(cursor, CUSTOMER_SNAPSHOT) == [3, 12]


ROW = (
    "insert into {} (snapshot_id, customer_number, last_seen_at, days_listened, days_listened_7d, days_listened_30d, "
    "songs_7d, songs_30d) values ({}, '{}', now(), 0, 0, 0, 0, 0)"
)


def test_a_partition_holds_the_rows_of_all_stages(database: str) -> None:
    stages = [Stage("stage one", 2), Stage("stage_2", 1)]
    run_sql(
        database,
        *(f'create table "{stage.table}" (like customer_snapshot including defaults)' for stage in stages),
        *(ROW.format('"stage one"', 5, number) for number in "12"),
        ROW.format("stage_2", 5, "3"),
    )
    with connect(database) as connection, connection.cursor() as cursor:
        assert partitions.make_partition(cursor, CUSTOMER_SNAPSHOT, 5, stages) == ("customer_snapshot_s5", 3)
        partitions.attach(cursor, CUSTOMER_SNAPSHOT, 5)
    assert run_sql(database, "select customer_number from customer_snapshot where snapshot_id = 5 order by 1") == [
        ("1",),
        ("2",),
        ("3",),
    ]


def test_a_stage_that_lost_rows_is_noticed(database: str) -> None:
    run_sql(database, "create table stage (like customer_snapshot)")
    lost = pytest.raises(PublishError, match=r"Stages \['stage'\] held 0 rows, tasks had copied 3")
    with connect(database) as connection, connection.cursor() as cursor, lost:
        partitions.make_partition(cursor, CUSTOMER_SNAPSHOT, 5, [Stage("stage", 3)])


def test_a_partition_refuses_what_its_parent_refuses(database: str) -> None:
    described = (
        "select attname, attnotnull, format_type(atttypid, atttypmod), attcollation from pg_attribute "
        "where attrelid = '{}'::regclass and attnum > 0 and not attisdropped order by attnum"
    )
    with connect(database) as connection, connection.cursor() as cursor:
        partition, _ = partitions.make_partition(cursor, CUSTOMER_SNAPSHOT, 5, [])
    assert run_sql(database, described.format(partition)) == run_sql(database, described.format("customer_snapshot"))


def test_a_partition_takes_the_rows_of_its_snapshot_only(database: str) -> None:
    with connect(database) as connection, connection.cursor() as cursor:
        partition, _ = partitions.make_partition(cursor, CUSTOMER_SNAPSHOT, 5, [])
        with pytest.raises(psycopg2.errors.CheckViolation):
            cursor.execute(ROW.format(partition, 6, "1"))


def test_rows_of_another_snapshot_in_a_stage_are_refused(database: str) -> None:
    run_sql(database, "create table stage (like customer_snapshot)", ROW.format("stage", 6, "1"))
    with (
        connect(database) as connection,
        connection.cursor() as cursor,
        pytest.raises(psycopg2.errors.CheckViolation),
    ):
        partitions.make_partition(cursor, CUSTOMER_SNAPSHOT, 5, [Stage("stage", 1)])


def test_an_index_of_any_later_migration_is_built_too(database: str) -> None:
    run_sql(
        database,
        "create index on customer_snapshot (lower(last_name) text_pattern_ops, gender desc) where level = 'paid'",
        'create index "Odd ""name" on customer_snapshot using hash (location)',
    )
    with connect(database) as connection, connection.cursor() as cursor:
        partition, _ = partitions.make_partition(cursor, CUSTOMER_SNAPSHOT, 5, [])
        partitions.build_indexes(cursor, CUSTOMER_SNAPSHOT, partition)
        before = indexes(database)
        partitions.attach(cursor, CUSTOMER_SNAPSHOT, 5)
    assert indexes(database) == before  # ATTACH found each one ready
    assert len(before) == len(indexes(database, "customer_snapshot"))
    assert len(before) > 2  # the two made here, and those of the migrations


def indexes(url: str, table: str = "customer_snapshot_s5") -> list[tuple[object, ...]]:
    return run_sql(url, f"select indexname from pg_indexes where tablename = '{table}' order by 1")  # noqa: S608


def test_statistics_are_as_fine_as_those_of_the_parent(database: str) -> None:
    with connect(database) as connection, connection.cursor() as cursor:
        partition, _ = partitions.make_partition(cursor, CUSTOMER_SNAPSHOT, 14, [])
        partitions.build_indexes(cursor, CUSTOMER_SNAPSHOT, partition)
        connection.commit()
    found = run_sql(
        database,
        "select attname, attstattarget from pg_attribute "
        "where attrelid = 'customer_snapshot_s14'::regclass and attstattarget > 0 order by 1",
    )
    assert found == [("last_name_key", 1_000), ("name_key", 1_000)]
