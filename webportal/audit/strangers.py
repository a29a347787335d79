"""How much strangers can have written into the audit, whose rows nobody can delete for 90 days."""

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from webportal.common.client_address import client_address, network_of

SECONDS = 3_600
MAX_OF_A_NETWORK = 100
MAX_OF_ALL = 2_000
"""Events of visitors who are not signed in, within an hour of the clock."""


def events_left(request: HttpRequest) -> int:
    """Count an event of a stranger; return how many more are written this hour, below zero when this one is not."""
    hour = int(timezone.now().timestamp()) // SECONDS
    left = MAX_OF_A_NETWORK - _count(f"audit:{network_of(client_address(request))}:{hour}")
    return left if left < 0 else min(left, MAX_OF_ALL - _count(f"audit:all:{hour}"))


def end_of_hour() -> datetime:
    """Return when strangers' events are written again."""
    now = timezone.now()
    return datetime.fromtimestamp((int(now.timestamp()) // SECONDS + 1) * SECONDS, now.tzinfo)


def _count(key: str) -> int:
    """Return how often this was called with `key` within the hour; two calls at once may count as one."""
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # expired in between
        return 1
