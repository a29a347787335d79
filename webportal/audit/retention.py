"""Deleting what is older than the settings allow to keep; the follower of snapshots has it done once a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from webportal.accounts.models import DeskSettings, Invitation
from webportal.alerts.keeping import delete_alerts
from webportal.audit.models import AuditEvent, Kind
from webportal.audit.services import record
from webportal.desk.privacy import delete_before


@dataclass(frozen=True)
class Removed:
    """How many rows of each kind went."""

    audit_events: int
    sessions: int
    invitations: int
    failed_logins: int
    contacts: int
    notes: int
    tasks: int
    alerts: int


EVERY = timedelta(days=1)
_LOCK = 0x6B656570
"""Number of the lock of PostgreSQL that keeps two from doing it at once."""


def last_applied() -> datetime | None:
    """Return when retention was last applied; None before the first time."""
    return AuditEvent.objects.filter(kind=Kind.RETENTION).values_list("at", flat=True).first()


@transaction.atomic
def apply_when_due() -> Removed | None:
    """Apply retention when a day has passed since the last time; None when it is not due, or somebody is at it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [_LOCK])
        (free,) = cursor.fetchall()[0]
    before = last_applied()
    if not free or (before is not None and timezone.now() - before < EVERY):
        return None
    return apply_retention()


@transaction.atomic
def apply_retention() -> Removed:
    """Delete what is too old, and write down that it went."""
    now, desk = timezone.now(), DeskSettings.current()
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    old_invitations = now - timedelta(days=desk.keep_invitation_days)
    gone = Q(used_at__lt=old_invitations) | Q(expires_at__lt=old_invitations)
    invitations = Invitation.objects.filter(gone)
    count = invitations.count()
    invitations._raw_delete(invitations.db)  # without an audit event each: one event tells of all
    attempts, _ = AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()
    work = delete_before(now - timedelta(days=desk.keep_work_days))
    alerts = delete_alerts(now - timedelta(days=settings.KEEP_ALERT_DAYS))
    removed = Removed(_delete_events(desk.keep_audit_days), sessions, count, attempts, **work, alerts=alerts)
    record(Kind.RETENTION, details=vars(removed))
    return removed


def _delete_events(days: int) -> int:
    """Have the database delete events; its function refuses to take away younger ones than it was told once."""
    with connection.cursor() as cursor:
        cursor.execute("select audit_delete_older_than(%s)", [days])
        (count,) = cursor.fetchall()[0]
    return int(count)
