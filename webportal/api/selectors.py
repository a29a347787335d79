"""One page of customers: keyset paging over the one query of what a viewer may see."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from webportal.api.searching import search
from webportal.customers.models import RISKIEST_FIRST, CustomerColumns, Snapshot
from webportal.customers.regions import at_place
from webportal.customers.selectors import Viewer, customers_visible_to, get_current_snapshot

Customers = QuerySet[CustomerColumns]


class Order(StrEnum):
    """Orders that an index answers."""

    NUMBER = "number"
    RISK = "risk"
    SEEN = "seen"


class Position(NamedTuple):
    """The last customer of a page: paging goes on behind it, in the snapshot that it began in.

    `value` is what the order sorts by before the number: the probability, the time last seen (ISO), or nothing.
    """

    snapshot_id: int
    order: str
    number: str
    value: float | str | None


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
    """Return a page, or None when its snapshot is not there: never published, or dropped since paging began."""
    after = wanted.after
    snapshot = Snapshot.objects.filter(pk=after.snapshot_id).first() if after else get_current_snapshot()
    if snapshot is None:
        return None
    customers = _filtered(customers_visible_to(viewer, snapshot), wanted)
    if wanted.asked is not None:
        return CustomerPage(snapshot, search(viewer, customers, wanted.asked, wanted.limit), None)
    found = _WALKS[wanted.order](customers, after, wanted.limit + 1)
    shown = found[: wanted.limit]
    return CustomerPage(snapshot, shown, _position(shown[-1], wanted.order) if len(found) > wanted.limit else None)


def _filtered(customers: Customers, wanted: Wanted) -> Customers:
    if wanted.prefix is not None:
        customers = customers.filter(customer_number__startswith=wanted.prefix)
    if wanted.band is not None:
        customers = customers.filter(risk_band=wanted.band)
    if wanted.level is not None:
        customers = customers.filter(level=wanted.level)
    if wanted.place is not None:
        customers = at_place(customers, wanted.place)
    if wanted.risen is not None:
        customers = customers.filter(risen_from__isnull=not wanted.risen)
    if wanted.seen_from is not None:
        customers = customers.filter(last_seen_at__gte=_midnight(wanted.seen_from))
    if wanted.seen_before is not None:
        customers = customers.filter(last_seen_at__lt=_midnight(wanted.seen_before))
    return customers


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _by_number(customers: Customers, after: Position | None, size: int) -> list[CustomerColumns]:
    behind = customers.filter(customer_number__gt=after.number) if after else customers
    return list(behind.order_by("customer_number")[:size])


def _by_risk(customers: Customers, after: Position | None, size: int) -> list[CustomerColumns]:
    """Highest first, then those without probability: two ranges of an index, each begun where the last page ended."""
    found: list[CustomerColumns] = []
    scored, unscored = customers.filter(churn_probability__isnull=False), customers.filter(churn_probability=None)
    if after is None or after.value is not None:
        if after:
            done = Q(churn_probability=after.value, customer_number__lte=after.number)
            scored = scored.filter(~done, churn_probability__lte=after.value)
        found = list(scored.order_by(*RISKIEST_FIRST)[:size])
        after = None
    return found + _by_number(unscored, after, size - len(found))


def _by_seen(customers: Customers, after: Position | None, size: int) -> list[CustomerColumns]:
    """Last seen first."""
    if after:
        seen = datetime.fromisoformat(str(after.value))
        done = Q(last_seen_at=seen, customer_number__lte=after.number)
        customers = customers.filter(~done, last_seen_at__lte=seen)
    return list(customers.order_by(F("last_seen_at").desc(), "customer_number")[:size])


_WALKS = {Order.NUMBER: _by_number, Order.RISK: _by_risk, Order.SEEN: _by_seen}


def _position(customer: CustomerColumns, order: Order) -> Position:
    by_seen = order is Order.SEEN
    value = customer.last_seen_at.isoformat() if by_seen else customer.churn_probability
    return Position(customer.snapshot_id, order.value, customer.customer_number, value)
