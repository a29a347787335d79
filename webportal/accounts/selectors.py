"""Reads of one's own account."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils import timezone

from webportal.accounts.devices import describe_device
from webportal.accounts.models import User
from webportal.common.addresses import coarse_address


@dataclass(frozen=True)
class OwnSession:
    """A place where somebody is signed in, told coarsely."""

    id: int
    device: str
    address: str
    began: datetime
    is_current: bool


def own_sessions(user: User, session_key: str | None) -> list[OwnSession]:
    """Return the sessions of a user that may still live, newest first; `session_key` is the one that asks."""
    oldest = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rows = UserSession.objects.filter(user=user, created_at__gte=oldest).order_by("-created_at")
    return [
        OwnSession(
            id=row.pk,
            device=describe_device(row.user_agent),
            address=coarse_address(row.ip),
            began=row.created_at,
            is_current=row.session_key == session_key,
        )
        for row in rows
        if row.exists()
    ]
