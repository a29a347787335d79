"""Finds what the newest snapshot brings for each watch, and writes it down once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby

from django.db import transaction
from django.db.models import Q, QuerySet

from webportal.accounts.models import User
from webportal.alerts.models import Alert, AlertedCustomer, Channel, Delivery, Watch, Webhook
from webportal.customers.models import RISKIEST_FIRST, CustomerColumns, Snapshot, at_place
from webportal.customers.selectors import customers_visible_to, get_current_snapshot, has_one_of

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

    A watch compares with the snapshot that it was looked at with last, so a publish that nobody followed loses none.
    It sees with the eyes that its owner has now. Asking again looks at no watch again.
    """
    current = get_current_snapshot()
    if current is None:
        return 0
    watches = Watch.objects.filter(owner__is_active=True, since_snapshot__lt=current.pk).order_by("owner", "pk")
    waiting = list(watches.select_related("owner__team", "webhook"))
    kept = _snapshots_before(current) if waiting else []
    return sum(
        _find_for(owner, list(owned), current, kept) for owner, owned in groupby(waiting, key=lambda watch: watch.owner)
    )


def _snapshots_before(current: Snapshot) -> list[Snapshot]:
    before = Snapshot.objects.filter(pk__lt=current.pk).order_by("pk")
    return list(before.only("pk", "as_of_date", "model_version"))


def _last_seen(watch: Watch, kept: Sequence[Snapshot]) -> Snapshot | None:
    """Return the kept snapshot that the watch was looked at with last, or the first one after, or None."""
    seen = [snapshot for snapshot in kept if snapshot.pk <= watch.since_snapshot]
    return seen[-1] if seen else next(iter(kept), None)


@transaction.atomic
def _find_for(owner: User, watches: Sequence[Watch], current: Snapshot, kept: Sequence[Snapshot]) -> int:
    """Find what is new for an owner's watches, and note that they were looked at, both or neither."""
    told = set(Alert.objects.filter(snapshot_id=current.pk, watch__in=watches).values_list("watch", flat=True))
    untold = [watch for watch in watches if watch.pk not in told]
    found = 0
    of_customers = sorted((watch for watch in untold if watch.customer_number), key=lambda each: each.since_snapshot)
    for _, group in groupby(of_customers, key=lambda watch: watch.since_snapshot):
        by_number = {watch.customer_number: watch for watch in group if watch.customer_number}
        before = _last_seen(next(iter(by_number.values())), kept)
        if before is not None:
            changed = current.model_version != before.model_version
            for crossing in _crossings(owner, list(by_number), current, before):
                found += _write(_alert(by_number[crossing.number], current, model_changed=changed), [crossing])
    for watch in untold:
        if watch.customer_number is None:
            found += _find_in_segment(watch, current, kept)
    Watch.objects.filter(pk__in=[watch.pk for watch in watches]).update(since_snapshot=current.pk)
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


def _find_in_segment(watch: Watch, current: Snapshot, kept: Sequence[Snapshot]) -> int:
    """Write an alert when somebody rose into the segment since it was looked at last, days already told left out."""
    told = set(watch.alerts.values_list("as_of_date", flat=True))
    # Of a day that was published again, the last snapshot alone: all of them name the same customers.
    unseen = [snapshot for snapshot in kept if snapshot.pk > watch.since_snapshot]
    by_day = {snapshot.as_of_date: snapshot for snapshot in [*unseen, current]}
    news = [snapshot for day, snapshot in by_day.items() if day not in told]
    if not news:
        return 0
    now = _risen(watch, current) if news == [current] else _in_segment(watch, current).filter(_rose_in(watch, news))
    rows = list(now.order_by(*RISKIEST_FIRST)[:NAMED])
    if not rows:
        return 0
    was = _bands_before(watch, news, [row.customer_number for row in rows])
    named = [
        Crossing(row.customer_number, was[row.customer_number], row.risk_band or "", row.churn_probability or 0.0)
        for row in rows
    ]
    count = now.count() if len(named) == NAMED else len(named)
    return _write(_alert(watch, current, segment=watch.segment, count=count), named)


def _rose_in(watch: Watch, news: Sequence[Snapshot]) -> Q:
    """Match who rose into the segment with one of these snapshots."""
    ways = (Q(customer_number__in=_risen(watch, snapshot).values("customer_number")) for snapshot in news)
    return reduce(Q.__or__, ways)


def _bands_before(watch: Watch, news: Sequence[Snapshot], numbers: Sequence[str]) -> dict[str, str]:
    """Return from which band each rose, at first."""
    was: dict[str, str] = {}
    for snapshot in news:
        rose = _risen(watch, snapshot).filter(customer_number__in=numbers)
        for number, band in rose.values_list("customer_number", "risen_from"):
            was.setdefault(number, band or "")
    return was


def _in_segment(watch: Watch, snapshot: Snapshot) -> QuerySet[CustomerColumns]:
    found = customers_visible_to(watch.owner, snapshot).filter(risk_band=watch.band)
    if watch.level:
        found = found.filter(has_one_of("level", [watch.level]))
    return at_place(found, watch.place) if watch.place else found


def _risen(watch: Watch, snapshot: Snapshot) -> QuerySet[CustomerColumns]:
    """Return those who rose into the segment with a snapshot."""
    return _in_segment(watch, snapshot).filter(risen_from__isnull=False)


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
