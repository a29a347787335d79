"""Writes and reads of the audit: one INSERT an event, with the request that it belongs to."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest

from webportal.audit.models import AuditEvent, Kind
from webportal.audit.strangers import end_of_hour, events_left
from webportal.common.client_address import client_address
from webportal.common.personal_data import identifiers_of

current_request: ContextVar[HttpRequest | None] = ContextVar("encore_request", default=None)


COMMAND_LINE = "(command line)"


def record(
    kind: Kind,
    *,
    request: HttpRequest | None = None,
    actor: AbstractBaseUser | None = None,
    subjects: Sequence[str] = (),
    purpose: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write one event; of strangers only so many an hour, the last of which says so (see `strangers`).

    Args:
        kind: what happened.
        request: the request it happened in; by default the one at hand, and without any it was the command line.
        actor: who did it, where that is not the user of the request.
        subjects: numbers (or pseudonyms) of the customers it was about.
        purpose: why, in the words of who did it.
        details: further facts that JSON can hold; never a secret.
    """
    request = request or current_request.get()
    who = actor or _user_of(request)
    details = dict(details or {})
    if who is None and request is not None and not subjects:  # whom somebody saw is written in any case
        left = events_left(request)
        if left < 0:
            return
        if left == 0:
            details["unwritten_until"] = end_of_hour().isoformat()
    AuditEvent.objects.create(
        kind=kind,
        actor_id=who.pk if who else None,
        actor=who.get_username() if who else ("" if request else COMMAND_LINE),
        address=client_address(request) if request else None,
        subjects=list(subjects),
        purpose=purpose,
        path=request.path[:500] if request else "",
        details=details,
    )


def _user_of(request: HttpRequest | None) -> AbstractBaseUser | None:
    user = getattr(request, "user", None)
    return user if getattr(user, "is_authenticated", False) else None


LOOKING = (Kind.VIEWED, Kind.SEARCHED, Kind.EXPORTED)


def who_looked_at(number: str) -> QuerySet[AuditEvent]:
    """Return, newest first, who viewed a customer, met them in a list, or exported them."""
    return AuditEvent.objects.filter(subjects__overlap=identifiers_of(number), kind__in=LOOKING)


def last_retention() -> datetime | None:
    """Return when retention was last applied; None before the first time."""
    return AuditEvent.objects.filter(kind=Kind.RETENTION).values_list("at", flat=True).first()
