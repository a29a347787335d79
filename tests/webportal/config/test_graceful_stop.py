"""SIGTERM while a request runs: its answer still comes, nobody else is let in, and gunicorn ends in good order."""

import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2
import pytest
from django.db import connection

from tests.webportal.browser import harness

PATIENCE_S = 25.0  # of the 30 seconds that gunicorn gives its requests
WAITS = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


@pytest.fixture
def database_url(db: None) -> str:
    """The test database with its tables, for a server beside this process."""
    return harness.url_of(connection.settings_dict)


def get(url: str) -> tuple[int, bytes]:
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - our own server on 127.0.0.1
        return answer.status, answer.read()


def wait_until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.05)


def is_refused(url: str) -> bool:
    try:
        get(url)
    except OSError:  # or cut off, when it came while the door was being closed
        return True
    return False


def test_a_request_under_way_is_answered(database_url: str) -> None:
    environment = harness.portal_environment(database_url)
    with harness.gunicorn(environment) as (address, server), closing(psycopg2.connect(database_url)) as holder:
        with holder.cursor() as cursor, ThreadPoolExecutor(1) as browser:
            cursor.execute("lock table current_snapshot in access exclusive mode")
            answer = browser.submit(get, f"{address}/readyz")  # it asks for the snapshot, and waits
            wait_until(lambda: waiting(database_url) == 1)
            server.terminate()
            wait_until(lambda: is_refused(f"{address}/healthz"))
            assert not answer.done()
            assert server.poll() is None
            holder.rollback()
            assert answer.result(PATIENCE_S)[0] == 200
        assert server.wait(PATIENCE_S) == 0


def waiting(url: str) -> int:
    with closing(psycopg2.connect(url)) as watcher, watcher.cursor() as cursor:
        cursor.execute(WAITS)
        (count,) = cursor.fetchall()[0]
        return int(count)
