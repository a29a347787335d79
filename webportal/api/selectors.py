"""Reads for programs: one page of customers, and the history of a score."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import reduce

from webportal.customers.listing.fields import Customers, Filters, narrowed
from webportal.customers.listing.paging import Order, Position, page_of
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.search import find_among, read
from webportal.customers.selectors import Viewer, customers_visible_to, get_current_snapshot

MOST = 60
"""Snapshots that are looked at, the newest of those kept."""


@dataclass(frozen=True)
class PastScore:
    """What one snapshot says of a customer; probability and band are null without a score."""

    snapshot_id: int
    as_of_date: date
    model_version: str | None
    churn_probability: float | None
    risk_band: str | None


def history_of(viewer: Viewer, number: str) -> list[PastScore]:
    """Return the scores of a customer in the snapshots where `viewer` sees them, the newest first.

    One statement: in each snapshot's partition one probe of the primary key.
    """
    snapshots = {each.snapshot_id: each for each in _kept()}
    scores = _scores(viewer, snapshots.values(), number)
    return [
        PastScore(key, snapshots[key].as_of_date, snapshots[key].model_version, *scores[key])
        for key in snapshots
        if key in scores
    ]


def _kept() -> Iterable[Snapshot]:
    kept = Snapshot.objects.only("snapshot_id", "as_of_date", "model_version")
    return kept.order_by("-snapshot_id")[:MOST]


def _scores(viewer: Viewer, snapshots: Iterable[Snapshot], number: str) -> dict[int, tuple[float | None, str | None]]:
    parts = [
        customers_visible_to(viewer, snapshot)
        .filter(customer_number=number)
        .values_list("snapshot_id", "churn_probability", "risk_band")
        for snapshot in snapshots
    ]
    if not parts:
        return {}
    rows = reduce(lambda left, right: left.union(right, all=True), parts)
    return {key: (probability, band) for key, probability, band in rows}


ORDERS = (Order.NUMBER, Order.RISK, Order.SEEN)
"""Orders that are offered."""


@dataclass(frozen=True)
class Wanted:
    """What a caller asked for; None where nothing is to be filtered."""

    order: Order
    limit: int
    asked: str | None = None
    prefix: str | None = None
    band: str | None = None
    level: str | None = None
    place: str | None = None
    risen: bool | None = None
    seen_from: date | None = None
    seen_before: date | None = None
    after: Position | None = None


@dataclass(frozen=True)
class CustomerPage:
    """Customers of one snapshot, and where the next page goes on; None on the last one."""

    snapshot: Snapshot
    customers: list[CustomerColumns]
    next: Position | None


def customers_page(viewer: Viewer, wanted: Wanted) -> CustomerPage | None:
    """Return a page, or None when its snapshot is not there: never published, or dropped since paging began.

    Raises:
        ListGoneError: the customer whom it was to go on behind is not to be seen any more.
    """
    after = wanted.after
    snapshot = Snapshot.objects.filter(pk=after.snapshot_id).first() if after else get_current_snapshot()
    if snapshot is None:
        return None
    visible = customers_visible_to(viewer, snapshot)
    customers = _filtered(visible, wanted, snapshot)
    if wanted.asked is not None:
        return CustomerPage(snapshot, find_among(customers, read(wanted.asked), wanted.limit).customers, None)
    page = page_of(customers, visible, wanted.order, after, wanted.limit)
    return CustomerPage(snapshot, page.customers, page.next)


def _filtered(customers: Customers, wanted: Wanted, snapshot: Snapshot) -> Customers:
    filters = Filters(band=wanted.band, level=wanted.level, place=wanted.place, risen=wanted.risen is True)
    customers = narrowed(customers, filters, snapshot)
    if wanted.prefix is not None:
        customers = customers.filter(customer_number__startswith=wanted.prefix)
    if wanted.risen is False:
        customers = customers.filter(risen_from=None)
    if wanted.seen_from is not None:
        customers = customers.filter(last_seen_at__gte=_midnight(wanted.seen_from))
    if wanted.seen_before is not None:
        customers = customers.filter(last_seen_at__lt=_midnight(wanted.seen_before))
    return customers


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
