"""Finds what the newest snapshot brings for each watch, and writes it down once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.db.models import QuerySet

from webportal.accounts.models import User
from webportal.alerts.models import Alert, AlertedCustomer, Channel, Delivery, Watch, Webhook
from webportal.customers.models import RISKIEST_FIRST, CustomerColumns, Snapshot
from webportal.customers.regions import at_place
from webportal.customers.selectors import customers_visible_to, get_current_snapshot

NAMED = 20
"""Customers of a segment whom an alert names; the others are counted."""


@dataclass(frozen=True)
class Crossing:
    """A customer who went from one band into another."""

    number: str
    was: str
    band: str
    probability: float


def find_alerts() -> int:
    """Write an alert for each watch that the current snapshot is news for; returns how many came.

    Each watch sees with the eyes that its owner has now. Asking again finds nothing more.
    """
    current = get_current_snapshot()
    if current is None:
        return 0
    before = Snapshot.objects.filter(pk__lt=current.pk).defer("model_card").order_by("-pk").first()
    watches = _unanswered(current)
    found = 0
    for owner, owned in groupby(watches, key=lambda watch: watch.owner):
        found += _find_for(owner, list(owned), current, before)
    return found


def _unanswered(current: Snapshot) -> Iterable[Watch]:
    """Return the watches, by owner, of people who may sign in, that this snapshot has not been told to."""
    open_watches = Watch.objects.filter(owner__is_active=True, since_snapshot__lt=current.pk)
    told = Alert.objects.filter(snapshot_id=current.pk, watch__isnull=False).values("watch")
    with_owner = open_watches.exclude(pk__in=told).select_related("owner__team", "webhook")
    return with_owner.order_by("owner", "pk")


def _find_for(owner: User, watches: Sequence[Watch], current: Snapshot, before: Snapshot | None) -> int:
    by_number = {watch.customer_number: watch for watch in watches if watch.customer_number}
    found = 0
    if by_number and before is not None:
        changed = current.model_version != before.model_version
        for crossing in _crossings(owner, list(by_number), current, before):
            watch = by_number[crossing.number]
            found += _write(_alert(watch, current, model_changed=changed), [crossing])
    for watch in watches:
        if watch.customer_number is None:
            found += _find_in_segment(watch, current)
    return found


def _crossings(owner: User, numbers: Sequence[str], current: Snapshot, before: Snapshot) -> list[Crossing]:
    """Compare the two snapshots by their primary keys; who has no score in one of them crosses nothing."""
    then, now = _bands(owner, before, numbers), _bands(owner, current, numbers)
    return [
        Crossing(number, then[number][0], band, probability)
        for number, (band, probability) in now.items()
        if number in then and then[number][0] != band
    ]


def _bands(owner: User, snapshot: Snapshot, numbers: Sequence[str]) -> Mapping[str, tuple[str, float]]:
    seen = customers_visible_to(owner, snapshot).filter(customer_number__in=numbers, risk_band__isnull=False)
    rows = seen.values_list("customer_number", "risk_band", "churn_probability")
    return {number: (band, probability) for number, band, probability in rows if band and probability is not None}


def _find_in_segment(watch: Watch, current: Snapshot) -> int:
    """Write an alert when somebody rose into the segment, unless a snapshot of the same day was told already."""
    if watch.alerts.filter(as_of_date=current.as_of_date).exists():
        return 0
    risen = _risen(watch, current)
    rows = risen.order_by(*RISKIEST_FIRST)[:NAMED]
    named = [
        Crossing(row.customer_number, row.risen_from or "", row.risk_band or "", row.churn_probability or 0.0)
        for row in rows
    ]
    if not named:
        return 0
    count = risen.count() if len(named) == NAMED else len(named)
    return _write(_alert(watch, current, segment=watch.segment, count=count), named)


def _risen(watch: Watch, current: Snapshot) -> QuerySet[CustomerColumns]:
    """Return those who rose into the segment: one walk of the partial index of who rose."""
    risen = customers_visible_to(watch.owner, current).filter(risen_from__isnull=False, risk_band=watch.band)
    if watch.level:
        risen = risen.filter(level=watch.level)
    return at_place(risen, watch.place) if watch.place else risen


def _alert(watch: Watch, current: Snapshot, **facts: object) -> Alert:
    return Alert(owner=watch.owner, watch=watch, snapshot_id=current.pk, as_of_date=current.as_of_date, **facts)


@transaction.atomic
def _write(alert: Alert, crossings: Sequence[Crossing]) -> int:
    """Save an alert with whom it names and the ways it is to go."""
    alert.save()
    AlertedCustomer.objects.bulk_create(
        AlertedCustomer(
            alert=alert,
            customer_number=crossing.number,
            was=crossing.was,
            band=crossing.band,
            churn_probability=crossing.probability,
        )
        for crossing in crossings
    )
    Delivery.objects.bulk_create(_ways(alert))
    return 1


def _ways(alert: Alert) -> list[Delivery]:
    watch = alert.watch
    assert watch is not None  # noqa: S101 - it was made from one
    hooks = [watch.webhook] if watch.webhook else []
    if watch.customer_number:
        hooks = list(Webhook.objects.filter(takes_customers=True))
    mails = [Delivery(alert=alert, channel=Channel.MAIL)] if watch.by_mail and alert.owner.email else []
    active = [hook for hook in hooks if hook.is_active]
    return [*mails, *(Delivery(alert=alert, channel=Channel.WEBHOOK, webhook=hook) for hook in active)]
