"""One pass: find what is new, send what is due; never two at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from webportal.alerts.crossings import find_alerts
from webportal.alerts.sending import Sent, send_due

_LOCK = 0x656E616C
"""Number of the lock of PostgreSQL that a pass holds."""


@dataclass(frozen=True)
class Pass:
    """What a pass did."""

    found: int
    sent: Sent


def run_pass() -> Pass | None:
    """Run a pass; None when another one is under way."""
    with _alone() as free:
        return Pass(find_alerts(), send_due()) if free else None


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        (free,) = cursor.fetchall()[0]
    try:
        yield bool(free)
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])
