"""Waits for others' locks end: after a time, by a signal, and also behind PgBouncer."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
import pytest

from spark_assets.errors import PostgresAwayError, PublishError
from spark_assets.publishing.waiting import execute_within, holders_of
from tests.pgbouncer import pooled
from tests.spark_assets.publishing.conftest import run_sql

ALTER = "alter table held add column more integer"


@contextmanager
def held(url: str) -> Iterator[None]:
    """A table that an open transaction has read."""
    run_sql(url, "create table held (number integer)")
    with closing(psycopg2.connect(url, application_name="a report")) as reader, reader.cursor() as cursor:
        cursor.execute("select * from held")
        yield


def test_a_statement_that_nobody_holds_up_is_done(bare_database: str) -> None:
    assert execute_within(bare_database, "create table done (number integer)", 10)
    assert run_sql(bare_database, "select count(*) from done") == [(0,)]


def test_a_wait_has_an_end_and_leaves_no_lock(bare_database: str) -> None:
    with held(bare_database):
        began = time.monotonic()
        assert not execute_within(bare_database, ALTER, 0.5)
        assert time.monotonic() - began < 5
        waiting = "select count(*) from pg_locks where not granted and relation = 'held'::regclass"
        assert run_sql(bare_database, waiting) == [(0,)]
    assert execute_within(bare_database, ALTER, 10)


def test_a_wait_has_an_end_behind_a_pool(bare_database: str) -> None:
    with held(bare_database), pooled(bare_database) as through:
        assert not execute_within(through, ALTER, 0.5)
        with closing(psycopg2.connect(through)) as connection, connection.cursor() as cursor:
            assert holders_of(cursor, ["held"]).count("a report") == 1


def test_a_signal_ends_a_wait_at_once(bare_database: str) -> None:
    with held(bare_database):
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            execute_within(bare_database, ALTER, 60)
        assert time.monotonic() - began < 10


def test_who_holds_a_table_is_told(bare_database: str) -> None:
    with held(bare_database), closing(psycopg2.connect(bare_database)) as connection, connection.cursor() as cursor:
        told = holders_of(cursor, ["held"])
        assert told.startswith("process ")
        assert "(a report, in a transaction since 20" in told
        assert holders_of(cursor, ["pg_description"]) == ""


def test_a_server_that_refuses_is_told_as_such(bare_database: str) -> None:
    with pytest.raises(psycopg2.errors.UndefinedTable):
        execute_within(bare_database, "drop table missing", 10)
    with pytest.raises(PublishError, match="does not exist"):
        execute_within(f"{bare_database}_none", "select 1", 10)
    with pytest.raises(PostgresAwayError, match="refused"):
        execute_within("postgresql://a:b@127.0.0.1:1/none", "select 1", 10)
