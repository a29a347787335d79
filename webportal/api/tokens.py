"""Tokens of the API: created, found, used, revoked; authentication by them, and their rate limits."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from math import ceil

from django.conf import settings
from django.db import connection, models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from webportal.accounts.authentication import DeskBackend, lacks_second_factor
from webportal.accounts.models import User
from webportal.api.models import ApiToken, RateWindow
from webportal.common.client_address import client_address, network_of

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


SECRET_BYTES = 32
PREFIX_BYTES = 4
LONGEST_LIFE = timedelta(days=365)
_SHAPE = re.compile(r"encore_(?P<prefix>[0-9a-f]{8})_(?P<secret>[0-9A-Za-z_-]{43})", re.ASCII)
_NOTED_EVERY = timedelta(minutes=1)
"""How often a use is written down: a write at each request would cost more than the request."""


@dataclass(frozen=True)
class NewToken:
    """A token and its text, which is shown once and kept nowhere."""

    token: ApiToken
    text: str


def create_token(*, owner: User, name: str, lifetime: timedelta) -> NewToken:
    """Make a token for `owner`; raises ValueError for a lifetime that is not positive or over a year."""
    if not timedelta(0) < lifetime <= LONGEST_LIFE:
        raise ValueError(f"A token lives for at most {LONGEST_LIFE.days} days.")
    prefix, secret = secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES)
    expires_at = timezone.now() + lifetime
    token = ApiToken.objects.create(
        owner=owner, name=name, prefix=prefix, digest=_digest(secret), expires_at=expires_at
    )
    return NewToken(token, f"encore_{prefix}_{secret}")


def find_live_token(text: str) -> ApiToken | None:
    """Return the live token that reads `text`, with its owner, or None, also when the owner may not sign in."""
    matched = _SHAPE.fullmatch(text)
    if matched is None:
        return None
    token = ApiToken.objects.filter(prefix=matched["prefix"]).first()
    if token is None or not compare_digest(token.digest, _digest(matched["secret"])):
        return None
    return _with_owner(token)


def live_token(token_id: int) -> ApiToken | None:
    """Return the live token of this id, with its owner, or None, also when the owner may not sign in."""
    token = ApiToken.objects.filter(pk=token_id).first()
    return None if token is None else _with_owner(token)


def _with_owner(token: ApiToken) -> ApiToken | None:
    owner = DeskBackend().get_user(token.owner_id)
    if not token.is_live(timezone.now()) or owner is None or lacks_second_factor(owner):
        return None
    token.owner = owner
    return token


def note_use(token: ApiToken) -> None:
    """Write down that the token was used, to the minute."""
    now = timezone.now()
    unnoted = models.Q(last_used_at=None) | models.Q(last_used_at__lt=now - _NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - _NOTED_EVERY:
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)


@transaction.atomic
def revoke_tokens(tokens: Iterable[ApiToken]) -> int:
    """Revoke those of `tokens` that are not yet, and return how many; they stay, to be told apart from unknown ones."""
    live = [token for token in tokens if token.revoked_at is None]
    for token in live:  # one by one, since the audit hears of rows that are saved
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
    return len(live)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


SCHEME = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """Lets the owner of a live token in, and tells apart nothing about one that is not."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return owner and token, or None without a token; raise `AuthenticationFailed` for one that opens nothing."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        token = find_live_token(text.strip())
        if token is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        note_use(token)
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:
        """Return what a refusal says about how to sign in."""
        return f'{SCHEME} realm="encore"'
