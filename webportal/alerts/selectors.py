"""Reads of one's own watches and alerts."""

from collections.abc import Sequence
from dataclasses import dataclass

from webportal.accounts.models import User
from webportal.alerts.models import Alert, AlertedCustomer, Watch
from webportal.customers.models import Snapshot
from webportal.customers.selectors import customers_visible_to

PAGE_SIZE = 25


@dataclass(frozen=True)
class Told:
    """An alert as its owner may read it today: `withheld` of those it named are no longer theirs to see."""

    alert: Alert
    customers: list[AlertedCustomer]
    withheld: int


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
    alerts = Alert.objects.filter(owner=user).prefetch_related("customers").order_by("-id")
    if before is not None:
        alerts = alerts.filter(id__lt=before)
    page = list(alerts[: PAGE_SIZE + 1])
    shown = page[:PAGE_SIZE]
    visible = _visible(user, snapshot, shown)
    return Inbox([_told(alert, visible) for alert in shown], shown[-1].pk if len(page) > PAGE_SIZE else None)


def watches_of(user: User) -> list[Watch]:
    """Return what the user watches: segments first, then customers in order."""
    return list(Watch.objects.filter(owner=user).select_related("webhook").order_by("-band", "customer_number", "id"))


def _visible(user: User, snapshot: Snapshot | None, alerts: Sequence[Alert]) -> set[str]:
    numbers = {each.customer_number for alert in alerts for each in alert.customers.all()}
    if snapshot is None or not numbers:
        return set()
    seen = customers_visible_to(user, snapshot).filter(customer_number__in=numbers)
    return set(seen.values_list("customer_number", flat=True))


def _told(alert: Alert, visible: set[str]) -> Told:
    named = list(alert.customers.all())
    shown = [each for each in named if each.customer_number in visible]
    return Told(alert, shown, len(named) - len(shown))
