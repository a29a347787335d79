"""Sends what is due, notes what came of it, and tries again later what failed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.utils import timezone

from webportal.alerts.messages import body_of, subject_of, text_of
from webportal.alerts.models import Channel, Delivery, State
from webportal.alerts.posting import PostFailedError, post
from webportal.alerts.targets import TargetRefusedError

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
"""How long to wait after each failed attempt; after one more, a delivery is given up."""

MOST_A_PASS = 500


class HopelessError(Exception):
    """Another attempt would come to the same; the text says why."""


@dataclass(frozen=True)
class Sent:
    """What came of a pass."""

    sent: int
    failed: int


def send_due(may_go_on: Callable[[], bool] = lambda: True) -> Sent:
    """Attempt each delivery that is due, the oldest first, at most `MOST_A_PASS`, and none once `may_go_on` says no."""
    due = Delivery.objects.filter(state=State.WAITING, next_at__lte=timezone.now()).order_by("next_at", "pk")
    keys = list(due.values_list("pk", flat=True)[:MOST_A_PASS])
    outcomes = [_attempt(pk) for pk in takewhile(lambda _: may_go_on(), keys)]
    return Sent(sent=sum(outcomes), failed=len(outcomes) - sum(outcomes))


def send_again(deliveries: list[Delivery]) -> int:
    """Put deliveries back into the queue with all their attempts; returns how many."""
    keys = [delivery.pk for delivery in deliveries]
    return Delivery.objects.filter(pk__in=keys).update(
        state=State.WAITING, attempts=0, next_at=timezone.now(), sent_at=None, problem=""
    )


def _attempt(pk: int) -> bool:
    """Try once and note the outcome; the attempt is counted first, so that a crash does not make it free."""
    now = timezone.now()
    Delivery.objects.filter(pk=pk).update(attempts=F("attempts") + 1, next_at=now + PAUSES[-1])
    delivery = Delivery.objects.select_related("alert__owner", "webhook").get(pk=pk)
    try:
        _SENDERS[Channel(delivery.channel)](delivery, now)
    except HopelessError as reason:
        _note(delivery, State.GIVEN_UP, str(reason))
        return False
    except (PostFailedError, TargetRefusedError, SMTPException, OSError) as failure:
        _note_failure(delivery, now, failure)
        return False
    Delivery.objects.filter(pk=pk).update(state=State.SENT, sent_at=timezone.now(), problem="")
    return True


def _note_failure(delivery: Delivery, now: datetime, failure: Exception) -> None:
    ours = isinstance(failure, PostFailedError | TargetRefusedError)
    words = str(failure) if ours else type(failure).__name__  # a mail server's words may hold an address
    if delivery.attempts > len(PAUSES):
        _note(delivery, State.GIVEN_UP, words)
    else:
        _note(delivery, State.WAITING, words, now + PAUSES[delivery.attempts - 1])


def _note(delivery: Delivery, state: State, problem: str, next_at: datetime | None = None) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=state, problem=problem, next_at=next_at or delivery.next_at)


def _mail(delivery: Delivery, now: datetime) -> None:
    alert = delivery.alert
    if not alert.owner.is_active or not alert.owner.email:
        raise HopelessError("the user is out, or has no address")
    send_mail(subject_of(alert), text_of(alert), settings.DEFAULT_FROM_EMAIL, [alert.owner.email])


def _post(delivery: Delivery, now: datetime) -> None:
    hook = delivery.webhook
    assert hook is not None  # noqa: S101 - a constraint of the table
    if not hook.is_active or not delivery.alert.owner.is_active:
        raise HopelessError("the webhook is switched off, or the user is out")
    post(hook.address, hook.secret, int(now.timestamp()), body_of(delivery))


_SENDERS: dict[Channel, Callable[[Delivery, datetime], None]] = {Channel.MAIL: _mail, Channel.WEBHOOK: _post}
