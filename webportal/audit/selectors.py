"""Reads of the audit."""

from datetime import datetime

from django.db.models import QuerySet

from webportal.audit.models import AuditEvent, Kind
from webportal.common.personal_data import identifiers_of

LOOKING = (Kind.VIEWED, Kind.SEARCHED, Kind.EXPORTED)


def who_looked_at(number: str) -> QuerySet[AuditEvent]:
    """Return, newest first, who viewed a customer, met them in a list, or exported them."""
    return AuditEvent.objects.filter(subjects__overlap=identifiers_of(number), kind__in=LOOKING)


def last_retention() -> datetime | None:
    """Return when retention was last applied; None before the first time."""
    return AuditEvent.objects.filter(kind=Kind.RETENTION).values_list("at", flat=True).first()
