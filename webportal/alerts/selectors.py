"""Reads of one's own watches and alerts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, Prefetch
from django.utils import timezone

from webportal.accounts.models import User
from webportal.alerts.models import Alert, AlertedCustomer, Channel, Delivery, State, Watch
from webportal.customers.models import Snapshot
from webportal.customers.selectors import customers_visible_to, get_current_snapshot

PAGE_SIZE = 25


@dataclass(frozen=True)
class Told:
    """An alert as its owner may read it today: `withheld` of those it named are no longer theirs to see.

    `failed` are its deliveries that were tried and have not arrived.
    """

    alert: Alert
    customers: list[AlertedCustomer]
    withheld: int
    failed: list[Delivery]


@dataclass(frozen=True)
class Inbox:
    """A page of alerts, the newest first, and the id where older ones begin; None when there are none."""

    told: list[Told]
    older: int | None

    @property
    def numbers(self) -> list[str]:
        """Whom the page shows, each once."""
        return sorted({each.customer_number for told in self.told for each in told.customers})


def inbox_of(user: User, snapshot: Snapshot | None, before: int | None = None) -> Inbox:
    """Return a page of the user's alerts, behind the alert of the id `before`."""
    failed = Delivery.objects.filter(attempts__gt=0).exclude(state=State.SENT).select_related("webhook").order_by("id")
    wanted = ("customers", Prefetch("deliveries", failed, to_attr="failed"))
    alerts = Alert.objects.filter(owner=user).prefetch_related(*wanted).order_by("-id")
    if before is not None:
        alerts = alerts.filter(id__lt=before)
    page = list(alerts[: PAGE_SIZE + 1])
    shown = page[:PAGE_SIZE]
    visible = _visible(user, snapshot, shown)
    return Inbox([_told(alert, visible) for alert in shown], shown[-1].pk if len(page) > PAGE_SIZE else None)


def watches_of(user: User, snapshot: Snapshot | None) -> list[Watch]:
    """Return what the user watches: segments first, then customers in order.

    Of a customer who is no longer the user's to see, after another role or team, `customer_number` is withheld: empty.
    """
    watches = list(
        Watch.objects.filter(owner=user).select_related("webhook").order_by("-band", "customer_number", "id")
    )
    visible = _visible_of(user, snapshot, {watch.customer_number for watch in watches if watch.customer_number})
    for watch in watches:
        if watch.customer_number is not None and watch.customer_number not in visible:
            watch.customer_number = ""
    return watches


def named_to_owner(alert: Alert) -> list[AlertedCustomer]:
    """Return whom the alert names of those whom its owner may see now, by number or by pseudonym as it was written."""
    visible = _visible(alert.owner, get_current_snapshot(), [alert])
    return [each for each in alert.customers.all() if each.customer_number in visible]


def _visible(user: User, snapshot: Snapshot | None, alerts: Sequence[Alert]) -> set[str]:
    return _visible_of(user, snapshot, {each.customer_number for alert in alerts for each in alert.customers.all()})


def _visible_of(user: User, snapshot: Snapshot | None, numbers: set[str]) -> set[str]:
    if snapshot is None or not numbers:
        return set()
    seen = customers_visible_to(user, snapshot).filter(customer_number__in=numbers)
    return set(seen.values_list("customer_number", flat=True))


def _told(alert: Alert, visible: set[str]) -> Told:
    named = list(alert.customers.all())
    shown = [each for each in named if each.customer_number in visible]
    return Told(alert, shown, len(named) - len(shown), alert.failed)  # type: ignore[attr-defined] # prefetched so


def waiting_by_channel() -> dict[str, tuple[int, float]]:
    """Return, for each channel, how many deliveries wait and how old the oldest is, in seconds; 0 and 0 for none."""
    found = Delivery.objects.filter(state=State.WAITING).values_list("channel")
    counted = {each[0]: each[1:] for each in found.annotate(number=Count("pk"), oldest=Min("created_at"))}
    now = timezone.now()
    none = (0, now)
    return {
        channel: (number, max(0.0, (now - oldest).total_seconds()))
        for channel, (number, oldest) in ((each.value, counted.get(each.value, none)) for each in Channel)
    }
