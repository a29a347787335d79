"""One pass at a time, whoever calls."""

from threading import Event, Thread

from django.db import connection, connections

from webportal.alerts import passes
from webportal.alerts.passes import run_pass


def test_two_passes_never_run_at_once(db: None) -> None:
    holding, done = Event(), Event()

    def elsewhere() -> None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [passes._LOCK])
            holding.set()
            done.wait(30)
            cursor.execute("select pg_advisory_unlock(%s)", [passes._LOCK])
        connections.close_all()

    thread = Thread(target=elsewhere)
    thread.start()
    assert holding.wait(30)
    try:
        assert run_pass() is None
    finally:
        done.set()
        thread.join()
    assert run_pass() is not None
    assert run_pass() is not None  # the lock was let go
