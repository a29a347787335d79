"""Delivery of alerts and mails: texts, sending what is due, and retries."""

import json
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from smtplib import SMTPException
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webportal.alerts.detection import find_alerts
from webportal.alerts.models import Alert, Channel, Delivery, State
from webportal.alerts.outbox import message_in, send_now
from webportal.alerts.selectors import named_to_owner
from webportal.alerts.webhooks import PostFailedError, TargetRefusedError, post
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.customers.extensions import FollowerResult, FollowerRun


def body_of(delivery: int, alert: Alert) -> bytes:
    """Return the JSON that goes to a webhook.

    `delivery` is its number, the same at each attempt: the other side knows by it what comes twice.
    """
    told: dict[str, Any] = {
        "delivery": delivery,
        "alert": alert.pk,
        "kind": "segment" if alert.segment else "customer",
        "segment": alert.segment or None,
        "snapshot_id": alert.snapshot_id,
        "as_of_date": alert.as_of_date.isoformat(),
        "model_changed": alert.model_changed,
        "count": alert.count,
        "customers": [
            {
                "number": each.customer_number,
                "was": each.was,
                "band": each.band,
                "churn_probability": each.churn_probability,
            }
            for each in named_to_owner(alert)
        ],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def subject_of(alert: Alert) -> str:
    """Return the subject of a mail, which names nobody: it shows on locked screens."""
    if not alert.segment:
        return _("Encore: a customer you watch changed band")
    words = ngettext("Encore: %(count)d customer rose", "Encore: %(count)d customers rose", alert.count)
    return words % {"count": alert.count}


def text_of(alert: Alert) -> str:
    """Return the text of a mail."""
    context = {"alert": alert, "customers": named_to_owner(alert), "site": settings.PUBLIC_URL}
    return render_to_string("alerts/email/alert.txt", context)


PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
"""How long to wait after each failed attempt; after one more, a delivery is given up."""

MOST_A_PASS = 500

logger = logging.getLogger(__name__)


class HopelessError(Exception):
    """Another attempt would come to the same; the text says why."""


@dataclass(frozen=True)
class Sent:
    """What came of a pass."""

    sent: int
    failed: int
    dropped: int = 0
    """Given up since another attempt would come to the same: the user is out, or the link in a mail has ended."""

    def __str__(self) -> str:
        words = f"sent {self.sent}, failed {self.failed}"
        return f"{words}, dropped {self.dropped}" if self.dropped else words


class Outcome(StrEnum):
    """What came of an attempt."""

    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


def follow(run: FollowerRun) -> FollowerResult:
    """Find what is new for each watch and send what is due; before the first publish there are other mails alone."""
    found, sent = find_alerts(), send_due(run.may_go_on)
    any_sent = sent != Sent(0, 0)
    words = f"Alerts: {found} new; {sent}." if run.snapshot else f"Mails: {sent}." if any_sent else ""
    facts = {"alerts": found, "sent": sent.sent, "failed": sent.failed, "dropped": sent.dropped}
    return FollowerResult(words, bool(found or any_sent), facts, failed=sent.failed)


def send_due(may_go_on: Callable[[], bool] = lambda: True) -> Sent:
    """Attempt each delivery that is due, the oldest first, at most `MOST_A_PASS`, and none once `may_go_on` says no."""
    due = Delivery.objects.filter(state=State.WAITING, next_at__lte=timezone.now()).order_by("next_at", "pk")
    keys = list(due.values_list("pk", flat=True)[:MOST_A_PASS])
    attempts = (_attempt(pk) for pk in takewhile(lambda _: may_go_on(), keys))
    counts = Counter(outcome for outcome in attempts if outcome is not None)
    return Sent(**{outcome.value: counts[outcome] for outcome in Outcome})


def send_again(deliveries: list[Delivery]) -> int:
    """Put deliveries back into the queue with all their attempts; returns how many. Mails without content stay out."""
    keys = [delivery.pk for delivery in deliveries]
    whole = Delivery.objects.filter(pk__in=keys).exclude(alert=None, sealed_message="")
    return whole.update(state=State.WAITING, attempts=0, next_at=timezone.now(), sent_at=None, problem="")


def _attempt(pk: int) -> Outcome | None:
    """Try once and note the outcome; None when another pass has taken it meanwhile.

    The attempt is counted first, so that a crash does not make it free, and no other pass takes it. Whatever fails,
    fails for this delivery alone; only a database that is away ends the pass.
    """
    now = timezone.now()
    due = Delivery.objects.filter(pk=pk, state=State.WAITING, next_at__lte=now)
    if not due.update(attempts=F("attempts") + 1, next_at=now + PAUSES[-1]):
        return None
    delivery = Delivery.objects.select_related("alert__owner", "webhook").get(pk=pk)
    if delivery.attempts > len(PAUSES) + 1:
        _note(delivery, State.GIVEN_UP, "the follower ended during the last attempt")
        return Outcome.FAILED
    try:
        _SENDERS[Channel(delivery.channel)](delivery, now)
    except HopelessError as reason:
        _note(delivery, State.GIVEN_UP, str(reason))
        logger.warning("Delivery %s is not sent: %s.", pk, reason)
        return Outcome.DROPPED
    except (PostFailedError, TargetRefusedError) as failure:
        _note_failure(delivery, now, str(failure))
        return Outcome.FAILED
    except (SMTPException, OSError) as failure:
        _note_failure(delivery, now, type(failure).__name__)  # a mail server's words may hold an address
        return Outcome.FAILED
    except (OperationalError, InterfaceError):
        raise
    except Exception as failure:
        logger.exception("Delivery %s failed by a fault of ours.", pk)
        _note_failure(delivery, now, f"{type(failure).__name__}: the log of the follower has the details")
        return Outcome.FAILED
    sent = {"state": State.SENT, "sent_at": timezone.now(), "problem": "", "recipient": "", "sealed_message": ""}
    Delivery.objects.filter(pk=pk).update(**sent)
    return Outcome.SENT


def _note_failure(delivery: Delivery, now: datetime, words: str) -> None:
    if delivery.attempts > len(PAUSES):
        _note(delivery, State.GIVEN_UP, words)
    else:
        _note(delivery, State.WAITING, words, now + PAUSES[delivery.attempts - 1])


def _note(delivery: Delivery, state: State, problem: str, next_at: datetime | None = None) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=state, problem=problem, next_at=next_at or delivery.next_at)


def _mail(delivery: Delivery, now: datetime) -> None:
    alert = delivery.alert
    if alert is None:
        if delivery.expires_at is not None and delivery.expires_at <= now:
            Delivery.objects.filter(pk=delivery.pk).update(sealed_message="")  # so that nobody sends it again
            raise HopelessError(f"the link in it ended at {delivery.expires_at:%Y-%m-%d %H:%M} UTC")
        try:
            message = message_in(delivery)
        except InvalidToken:
            raise PostFailedError("its content cannot be read with the portal's keys") from None
    else:
        if not alert.owner.is_active or not alert.owner.email:
            raise HopelessError("the user is out, or has no address")
        _note_leaving(alert, way="mail")
        message = EmailMessage(subject_of(alert), text_of(alert), settings.DEFAULT_FROM_EMAIL, [alert.owner.email])
    send_now(message)


def _note_leaving(alert: Alert, **way: str) -> None:
    """Name in the audit whom the alert is about to tell of, before it leaves: a failed attempt may have told it all.

    `way` says where to.

    Raises:
        HopelessError: its owner, who has another role or team now, may see nobody of them.
    """
    numbers = [each.customer_number for each in named_to_owner(alert)]
    if not numbers:
        raise HopelessError("the user sees none of its customers any more")
    record(Kind.EXPORTED, actor=alert.owner, subjects=numbers, details={**way, "alert": alert.pk})


def _post(delivery: Delivery, now: datetime) -> None:
    hook, alert = delivery.webhook, delivery.alert
    assert hook is not None and alert is not None  # noqa: S101, PT018 - a constraint of the table
    if not hook.is_active or not alert.owner.is_active:
        raise HopelessError("the webhook is switched off, or the user is out")
    try:
        secret = hook.secret
    except (InvalidToken, UnicodeError):
        raise PostFailedError("its secret cannot be read with the portal's keys: enter it anew") from None
    _note_leaving(alert, way="webhook", webhook=hook.name)
    post(hook.address, secret, int(now.timestamp()), body_of(delivery.pk, alert))


_SENDERS: dict[Channel, Callable[[Delivery, datetime], None]] = {Channel.MAIL: _mail, Channel.WEBHOOK: _post}
