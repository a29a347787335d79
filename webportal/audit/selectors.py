"""Reads of the audit."""

from django.db.models import QuerySet

from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import CustomerSnapshot
from webportal.privacy.models import ErasedCustomer

LOOKING = (Kind.VIEWED, Kind.SEARCHED, Kind.EXPORTED)


def names_of(number: str) -> list[str]:
    """Return what the audit calls a customer: the number, and every pseudonym that analysts saw in its place."""
    published = CustomerSnapshot.objects.filter(customer_number=number, pseudonym__isnull=False)
    erased = ErasedCustomer.objects.filter(customer_number=number).exclude(pseudonym="")
    pseudonyms = {*published.values_list("pseudonym", flat=True), *erased.values_list("pseudonym", flat=True)}
    return [number, *sorted(filter(None, pseudonyms))]


def who_looked_at(number: str) -> QuerySet[AuditEvent]:
    """Return, newest first, who viewed a customer, met them in a list, or exported them."""
    return AuditEvent.objects.filter(subjects__overlap=names_of(number), kind__in=LOOKING)


def events_about(number: str) -> QuerySet[AuditEvent]:
    """Return everything the audit holds about a customer, newest first."""
    return AuditEvent.objects.filter(subjects__overlap=names_of(number))
