"""Tokens of the API: made, found, used, revoked.

A token reads `encore_<prefix>_<secret>`, so that a scanner finds it where it should not be. The secret has 256 bits:
nobody guesses it, and a plain digest keeps it as well as a slow hash would.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest

from django.db import models, transaction
from django.utils import timezone

from webportal.accounts.backends import DeskBackend, lacks_second_factor
from webportal.accounts.models import User
from webportal.api.models import ApiToken

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
