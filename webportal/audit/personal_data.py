"""Personal data in the audit: its export and retention. An erasure keeps the events, as proof of who saw what."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from webportal.audit.models import AuditEvent
from webportal.audit.services import COMMAND_LINE
from webportal.common.personal_data import DataSubject, Rows

_CHUNK = 2_000
_DAY_S = 86_400


def export(subject: DataSubject) -> dict[str, Rows]:
    """Return what happened, when and why. Staff appear without names, addresses or what they typed."""
    return {"audit": list(_events(subject))}


def _events(subject: DataSubject) -> Iterator[dict[str, Any]]:
    """Yield each event; a purpose that covered others as well may name them, so it stays out."""
    identifiers = subject.identifiers
    events = AuditEvent.objects.filter(subjects__overlap=identifiers)
    for event in events.iterator(chunk_size=_CHUNK):
        alone = set(identifiers).issuperset(event.subjects)
        yield {
            "at": event.at,
            "kind": event.kind,
            "what": event.get_kind_display(),
            "by": _actor(event),
            "purpose": event.purpose if alone else "",
            "customers_in_event": 1 if alone else len(event.subjects),
        }


def _actor(event: AuditEvent) -> str:
    if event.actor == COMMAND_LINE:
        return "the operator of the service"
    return "a program of the service" if "token" in event.details else "a member of staff"


def delete_before(day: datetime) -> dict[str, int]:
    """Delete events of before a time by the database's function, which refuses days below its own minimum."""
    days = round((timezone.now() - day).total_seconds() / _DAY_S)
    with connection.cursor() as cursor:
        cursor.execute("select audit_delete_older_than(%s)", [days])
        (count,) = cursor.fetchall()[0]
    return {"audit_events": int(count)}
