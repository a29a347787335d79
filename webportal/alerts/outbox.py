"""Mails of the portal as deliveries: written with the transaction that they belong to, sent by the follower.

A mail server that is away so never undoes, or hides, what a page has done. The content of a mail, which may hold a link
to set a password, is encrypted, and goes when the mail is sent.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from webportal.alerts.models import Channel, Delivery
from webportal.alerts.webhooks import seal, unseal

_FIELDS = ("subject", "body", "from_email", "to", "cc", "bcc", "reply_to")


class Outbox(BaseEmailBackend):
    """Django's mail backend of the portal: whatever code sends a mail, the mail waits in the database."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write a delivery for each mail; returns how many.

        Raises:
            ValueError: a mail has an attachment, which no mail of the portal has.
        """
        waiting = [
            Delivery(
                channel=Channel.MAIL,
                subject=str(message.subject),
                recipient=", ".join(message.recipients()),
                sealed_message=seal(_packed(message)),
                expires_at=_end_of(message),
            )
            for message in email_messages
            if message.recipients()
        ]
        return len(Delivery.objects.bulk_create(waiting))


def send_now(message: EmailMessage) -> None:
    """Hand a mail to the mail server, by `MAIL_TRANSPORT`.

    Raises:
        SMTPException, OSError: it was not taken.
    """
    message.connection = get_connection(settings.MAIL_TRANSPORT)
    message.send()


def message_in(delivery: Delivery) -> EmailMessage:
    """Return the mail that waits in a delivery.

    Raises:
        InvalidToken: none of the portal's keys has encrypted it.
    """
    packed: dict[str, Any] = json.loads(unseal(delivery.sealed_message))
    alternatives, headers = packed.pop("alternatives"), packed.pop("headers")
    return EmailMultiAlternatives(**packed, alternatives=[tuple(each) for each in alternatives], headers=headers)


def _end_of(message: EmailMessage) -> datetime | None:
    """Return the time of the header `Expires` (RFC 4021), by which a mail says when the link in it ends."""
    ends = message.extra_headers.get("Expires")
    return parsedate_to_datetime(ends) if ends else None


def _packed(message: EmailMessage) -> str:
    if message.attachments:
        raise ValueError("A mail with an attachment has no place in the outbox.")
    packed: dict[str, Any] = {name: getattr(message, name) for name in _FIELDS}
    packed["subject"] = str(message.subject)  # may be lazy
    packed["headers"] = dict(message.extra_headers)
    packed["alternatives"] = [list(each) for each in getattr(message, "alternatives", ())]
    return json.dumps(packed)
