"""Rate limits of the API, counted in Postgres so that all workers and machines count together."""

from datetime import UTC, datetime, timedelta
from math import ceil

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from webportal.api.models import ApiToken, RateWindow
from webportal.common.addresses import client_address, network_of

SECONDS = 60
"""A window: it begins with each full minute of the clock."""

_COUNT = """
insert into api_rate_window (key, requests, ends_at) values (%s, 1, %s)
on conflict (key) do update set requests = api_rate_window.requests + 1
returning requests
"""


def wait_of_token(token: ApiToken) -> int | None:
    """Count a request of the token; return the seconds to wait when it was one too many."""
    return _count(f"token:{token.pk}", settings.API_REQUESTS_PER_MINUTE["token"], timezone.now())


def wait_of_address(request: HttpRequest) -> int | None:
    """Count a request of the address it comes from, known by a keyed hash alone; return the seconds to wait."""
    address = salted_hmac(
        "encore.api.limits", network_of(client_address(request)) or "", algorithm="sha256"
    ).hexdigest()
    return _count(f"address:{address[:40]}", settings.API_REQUESTS_PER_MINUTE["address"], timezone.now())


def _count(who: str, most: int, now: datetime) -> int | None:
    window = int(now.timestamp()) // SECONDS
    ends_at = datetime.fromtimestamp((window + 1) * SECONDS, UTC)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [f"{who}:{window}", ends_at])
        (requests,) = cursor.fetchall()[0]
    if requests == 1:  # somebody's first of a window: a good time to forget old ones
        RateWindow.objects.filter(ends_at__lt=now - timedelta(seconds=SECONDS)).delete()
    return ceil((ends_at - now).total_seconds()) if requests > most else None
