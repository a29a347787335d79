"""SIGKILL about the moment that a snapshot becomes the current one, with readers who look all the while.

A lock that the test holds in Postgres stops the publisher where it is to die, so that each drill hits its point.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from urllib.request import OpenerDirector

import psycopg2
import pytest
from pyspark.sql import SparkSession

from spark_assets.errors import PublishError
from tests.e2e.killing import kill, started, wait_until
from tests.e2e.readers import Seen, reading
from tests.spark_assets.publishing.conftest import run_sql
from tests.spark_assets.publishing.snapshots import Row, customer, publish_rows
from tests.webportal.browser import harness

pytestmark = pytest.mark.slow("a drill: SIGKILL around the publish")

PUBLISH = """
import sys
from spark_assets.session import build_session
from tests.e2e.test_drill_publish import customers_named
from tests.spark_assets.publishing.snapshots import publish_rows

publish_rows(build_session("drill"), sys.argv[1], customers_named(sys.argv[2]), partitions=2)
"""
SIZES = {"Before": 30, "After": 20}
BEFORE_ATTACHING = "lock table customer_snapshot in share update exclusive mode"
BEFORE_THE_POINTER_MOVES = "lock table erased_customer in row exclusive mode"
WAITING = (
    "select count(*) from pg_locks join pg_stat_activity using (pid) "
    "where application_name = 'encore-publish' and datname = current_database() and not granted"
)
AT_WORK = (
    "select count(*) from pg_stat_activity "
    "where application_name like 'encore-publish%' and datname = current_database()"
)
TABLES = "select relname::text, relispartition from pg_class where relkind = 'r' and relname like 'customer_snapshot%'"
LOOKS = 20
"""So many whole looks must begin and end while the publisher stands still: whoever waited for it would have none."""


def customers_named(name: str) -> list[Row]:
    return [customer(str(number), last_name=name) for number in range(SIZES[name])]


def page_of(name: str) -> tuple[tuple[str, int], ...]:
    return ((f"Zoë {name}", SIZES[name]),)


@dataclass(frozen=True)
class Portal:
    """A portal on a database of its own, and somebody who is signed in there."""

    database: str
    address: str
    reader: OpenerDirector

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        return run_sql(self.database, statement)

    def current(self) -> list[tuple[object, ...]]:
        return self.ask("select last_name, count(*) from current_customer group by 1")


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with harness.scratch_database(os.environ["DATABASE_URL"]) as database:
        environment = harness.portal_environment(database)
        harness.manage(environment, "migrate", "--noinput", "-v", "0")
        passwords = harness.first_users(environment)
        with harness.serving(environment) as address:
            yield Portal(database, address, harness.signed_in(address, "agent", passwords["agent"]))


@contextmanager
def holding(portal: Portal, statement: str) -> Iterator[None]:
    """Hold the locks of a statement until the block ends."""
    with closing(psycopg2.connect(portal.database)) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        yield


def stand_still(portal: Portal, process: "subprocess.Popen[str]", seen: Seen) -> None:
    """Wait until the publisher waits for a lock, and let it stand there while readers look on."""
    wait_until(lambda: portal.ask(WAITING) != [(0,)], process)
    looks = len(seen.seconds)
    wait_until(lambda: len(seen.seconds) > looks + LOOKS, process)


def killed(portal: Portal, process: "subprocess.Popen[str]") -> None:
    """Kill the publisher; its server process still waits for the lock, and must go by itself."""
    kill(process)
    until = time.monotonic() + 10
    while portal.ask(AT_WORK) != [(0,)]:
        assert time.monotonic() < until, "Postgres works on for a publisher that is dead"
        time.sleep(0.1)


def look_again(seen: Seen) -> None:
    """Wait until a look that began after this moment is over."""
    looks = len(seen.seconds)
    until = time.monotonic() + 60
    while len(seen.seconds) < looks + 2 and time.monotonic() < until:
        time.sleep(0.01)


def assert_published_once(portal: Portal) -> None:
    """The new snapshot is the only current one, and nothing is left of the dead publish."""
    assert portal.current() == [("After", SIZES["After"])]
    assert portal.ask("select count(*) from current_snapshot") == [(1,)]
    tables = {f"customer_snapshot_s{number}" for (number,) in portal.ask("select snapshot_id from snapshot")}
    assert set(portal.ask(TABLES)) == {(name, True) for name in tables}


def assert_undisturbed(seen: Seen) -> None:
    """Readers saw one snapshot or the other, whole. How long they waited is printed: it is the machine's to say."""
    print(seen)  # noqa: T201 - a figure for whoever runs the drill
    assert seen.failures == []
    assert seen.pages == {page_of("Before"), page_of("After")}


@contextmanager
def drill(spark: SparkSession, portal: Portal) -> Iterator[tuple["subprocess.Popen[str]", Seen]]:
    """Start a publisher while readers look on; when the block has killed it, publish again and compare."""
    publish_rows(spark, portal.database, customers_named("Before"))
    with reading(portal.reader, f"{portal.address}/customers/") as seen:
        with started(PUBLISH, portal.database, "After") as process:
            yield process, seen
        publish_rows(spark, portal.database, customers_named("After"))
        look_again(seen)
    assert_published_once(portal)
    assert_undisturbed(seen)


@pytest.mark.parametrize("lock", [BEFORE_ATTACHING, BEFORE_THE_POINTER_MOVES])
def test_killed_between_staging_and_commit(spark: SparkSession, portal: Portal, lock: str) -> None:
    with drill(spark, portal) as (process, seen):
        with holding(portal, lock):
            stand_still(portal, process, seen)
            with pytest.raises(PublishError, match="Another run is publishing to this database"):
                publish_rows(spark, portal.database, customers_named("After"))
            killed(portal, process)
        assert portal.current() == [("Before", SIZES["Before"])]


def test_killed_right_after_the_commit(spark: SparkSession, portal: Portal) -> None:
    with drill(spark, portal) as (process, seen):
        with ExitStack() as stages:
            with holding(portal, BEFORE_THE_POINTER_MOVES):
                wait_until(lambda: portal.ask(WAITING) != [(0,)], process)
                for (name,) in portal.ask(f"{TABLES.replace(', relispartition', '')} and relname like '%_stage_%'"):
                    stages.enter_context(holding(portal, f"lock table {name} in access share mode"))
            wait_until(lambda: portal.current() == [("After", SIZES["After"])], process)
            stand_still(portal, process, seen)
            killed(portal, process)
        assert portal.current() == [("After", SIZES["After"])]
