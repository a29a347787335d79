"""Addresses of cards: signed, short-lived, and good only while the token that issued them is."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from webportal.api.models import ApiToken
from webportal.api.tokens import live_token, wait_of_token
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.selectors import get_current_snapshot, get_customer

SALT = "encore.crm.card"
"""What is signed for anything else opens no card, and a card's address opens nothing else."""


class Refusal(Enum):
    """Why an address shows no card: the HTTP status, and what the reader is told."""

    INVENTED = (404, _("This address opens no card."))
    EXPIRED = (410, _("This card has expired. Open the customer anew."))
    WITHDRAWN = (403, _("Whoever issued this card may no longer show it."))
    BUSY = (429, _("Too many cards within a minute. Try again in a moment."))
    UNKNOWN = (404, _("There is no such customer, or not for whoever issued this card."))
    EMPTY = (404, _("No snapshot has been published yet."))

    def __init__(self, status: int, words: str | Promise) -> None:
        self.status = status
        self.words = words


class CardRefusedError(Exception):
    """An address shows no card; `why` says what to answer."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(str(why.words))
        self.why = why


@dataclass(frozen=True)
class Card:
    """Whom a card shows, by which snapshot, and the token (with its owner) that it is shown for."""

    customer: CustomerColumns
    snapshot: Snapshot
    token: ApiToken


def sign_card(number: str, token: ApiToken) -> str:
    """Return the last part of the address of a customer's card, issued by `token`."""
    return signing.dumps([number, token.pk], salt=SALT)


def open_card(signed: str) -> Card:
    """Return what a signed address shows now, with the eyes that the token's owner has now.

    Raises:
        CardRefusedError: it is not ours, too old, its token or owner is out, or the customer is not theirs to see.
    """
    number, token_id = _read(signed)
    token = live_token(token_id)
    if token is None:
        raise CardRefusedError(Refusal.WITHDRAWN)
    if wait_of_token(token) is not None:
        raise CardRefusedError(Refusal.BUSY)
    snapshot = get_current_snapshot()
    if snapshot is None:
        raise CardRefusedError(Refusal.EMPTY)
    customer = get_customer(token.owner, snapshot, number)
    if customer is None:
        raise CardRefusedError(Refusal.UNKNOWN)
    return Card(customer, snapshot, token)


def _read(signed: str) -> tuple[str, int]:
    try:
        told: Any = signing.loads(signed, salt=SALT, max_age=settings.CARD_LIFE_SECONDS)
    except signing.SignatureExpired:
        raise CardRefusedError(Refusal.EXPIRED) from None
    except signing.BadSignature:
        raise CardRefusedError(Refusal.INVENTED) from None
    number, token_id = told
    return str(number), int(token_id)
