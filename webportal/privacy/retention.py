"""Retention: deletes what is older than the settings allow to keep. The follower of snapshots calls it once a day."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from webportal.accounts.models import DeskSettings
from webportal.audit.models import Kind
from webportal.audit.services import last_retention, record
from webportal.common.personal_data import handlers

Removed = dict[str, int]
"""Counts of deleted rows by kind."""

EVERY = timedelta(days=1)
_LOCK = 0x6B656570
"""Number of the lock of PostgreSQL that keeps two from doing it at once."""


def _days_kept(desk: DeskSettings) -> dict[str, int]:
    """Return how many days each app keeps its data, by the name of its handler."""
    return {
        "accounts": desk.keep_invitation_days,
        "alerts": settings.KEEP_ALERT_DAYS,
        "audit": desk.keep_audit_days,
        "desk": desk.keep_work_days,
    }


@transaction.atomic
def apply_when_due() -> Removed | None:
    """Apply retention when a day has passed since the last time; None when it is not due, or somebody is at it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [_LOCK])
        (free,) = cursor.fetchall()[0]
    before = last_retention()
    if not free or (before is not None and timezone.now() - before < EVERY):
        return None
    return apply_retention()


@transaction.atomic
def apply_retention() -> Removed:
    """Delete what is too old, and record the counts in the audit."""
    now, kept = timezone.now(), _days_kept(DeskSettings.current())
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    attempts, _ = AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()
    removed = {"sessions": sessions, "failed_logins": attempts}
    for name, handler in handlers().items():
        if handler.delete_before:
            removed |= handler.delete_before(now - timedelta(days=kept[name]))
    record(Kind.RETENTION, details=removed)
    return removed
