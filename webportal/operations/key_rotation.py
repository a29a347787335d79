"""Encrypts anew, by the newest secret key, what former keys encrypted, so that they can be dropped."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import models, transaction

from webportal.alerts.models import Delivery, Webhook
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.encryption import SECOND_FACTORS, WEBHOOKS, Box


@dataclass(frozen=True)
class Encrypted:
    """A column that holds encrypted texts: a text, or JSON whose values of some names are such."""

    model: type[models.Model]
    column: str
    box: Box
    names: tuple[str, ...] = ()

    def anew(self, value: Any) -> Any:  # noqa: ANN401 - a text, or JSON
        """Return the column's value with each text in it encrypted by the newest key.

        Raises:
            InvalidToken: none of the keys encrypted it.
        """
        if not self.names:
            return self._text(value) if value else value
        return {name: self._each(each) if name in self.names else each for name, each in value.items()}

    def _each(self, value: Any) -> Any:  # noqa: ANN401 - a text, or several
        return [self._text(each) for each in value] if isinstance(value, list) else self._text(value)

    def _text(self, encrypted: str) -> str:
        return encrypted if self.box.is_current(encrypted) else self.box.encrypt(self.box.decrypt(encrypted))


ENCRYPTED = (
    Encrypted(Authenticator, "data", SECOND_FACTORS, ("secret", "seed", "migrated_codes")),
    Encrypted(Webhook, "sealed_secret", WEBHOOKS),
    Encrypted(Delivery, "sealed_message", WEBHOOKS),
)
"""Every column that the portal keeps encrypted."""


@dataclass
class Reencrypted:
    """What came of it, by table: how many rows were encrypted anew, and the rows that no key opens."""

    changed: dict[str, int] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)


def reencrypt() -> Reencrypted:
    """Encrypt anew what the newest key has not encrypted, row by row; a row that no key opens stays, and is named."""
    done = Reencrypted()
    for place in ENCRYPTED:
        name = str(place.model._meta.verbose_name)
        outcomes = [_row(place, pk, done.unreadable.append) for pk in _keys(place)]
        done.changed[name] = sum(outcomes)
    record(Kind.CHANGED, details={"what": "encryption", "changed": done.changed, "unreadable": done.unreadable})
    return done


def _keys(place: Encrypted) -> Iterator[Any]:
    return place.model._default_manager.order_by("pk").values_list("pk", flat=True).iterator()


@transaction.atomic
def _row(place: Encrypted, pk: Any, unreadable: Callable[[str], None]) -> bool:  # noqa: ANN401 - a key of any type
    """Encrypt one row anew while nobody else changes it; tell whether it needed that."""
    rows = place.model._default_manager.filter(pk=pk)
    value = rows.select_for_update().values_list(place.column, flat=True).first()
    if value is None:  # deleted meanwhile
        return False
    try:
        fresh = place.anew(value)
    except InvalidToken:
        unreadable(f"{place.model._meta.verbose_name} {pk}")
        return False
    return fresh != value and bool(rows.update(**{place.column: fresh}))
