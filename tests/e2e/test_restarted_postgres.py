"""Postgres restarted in the midst of COPY: readers keep the snapshot, and another try publishes."""

import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark.sql import DataFrame, SparkSession

from deploy.local.postgres import EmbeddedPostgres
from spark_assets.errors import PostgresAwayError
from spark_assets.publishing.publish import publish
from tests.spark_assets.publishing.conftest import run_sql
from tests.spark_assets.publishing.snapshots import FACTS, customer, frame, publish_rows, summary_of
from tests.webportal.browser.harness import manage, portal_environment

COPYING = "select count(*) from pg_stat_activity where application_name = 'encore-publish-task'"
PATIENCE_SECONDS = 60


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """A Postgres of this test's own, which it may stop."""
    made = EmbeddedPostgres(tmp_path)
    manage(portal_environment(made.start()), "migrate", "--noinput", "-v", "0")
    yield made
    made.stop()
    made.remove()


def slowly(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        time.sleep(5)
        yield batch


def restart_when_copying(server: EmbeddedPostgres, url: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while run_sql(url, COPYING) == [(0,)] and time.monotonic() < until:
        time.sleep(0.1)
    server.stop()
    server.start()


def current(url: str) -> list[tuple[object, ...]]:
    return run_sql(url, "select customer_number from current_customer order by 1")


def test_a_restart_is_told_as_such_and_the_next_try_publishes(spark: SparkSession, server: EmbeddedPostgres) -> None:
    url = str(server.url)
    rows = [customer("2"), customer("3")]
    publish_rows(spark, url, [customer("1")])
    restarting = threading.Thread(target=restart_when_copying, args=(server, url))
    restarting.start()

    def rows_of(snapshot_id: int) -> DataFrame:
        made = frame(spark, rows, snapshot_id).coalesce(1)
        return made.mapInArrow(slowly, made.schema)

    with pytest.raises(PostgresAwayError, match="Postgres at "):
        publish(url, rows_of, lambda _: summary_of(rows), FACTS, 90)
    restarting.join()
    assert current(str(server.url)) == [("1",)]
    publish_rows(spark, str(server.url), rows)
    assert current(str(server.url)) == [("2",), ("3",)]
    tables = run_sql(str(server.url), "select relname from pg_class where relkind = 'r' and relname like '%_stage_%'")
    assert tables == []
