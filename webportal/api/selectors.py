"""One page of customers: keyset paging over the one query of what a viewer may see."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.selectors import Viewer, customers_visible_to, get_current_snapshot

Customers = QuerySet[CustomerColumns]


class Order(StrEnum):
    """Orders that an index answers."""

    NUMBER = "number"
    RISK = "risk"


class Position(NamedTuple):
    """The last customer of a page: paging goes on behind it, in the snapshot that it began in."""

    snapshot_id: int
    order: str
    number: str
    probability: float | None


@dataclass(frozen=True)
class Wanted:
    """What a caller asked for; None where nothing is to be filtered."""

    order: Order
    limit: int
    prefix: str | None = None
    band: str | None = None
    level: str | None = None
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
    size = wanted.limit + 1
    found = _by_number(customers, after, size) if wanted.order is Order.NUMBER else _by_risk(customers, after, size)
    shown = found[: wanted.limit]
    return CustomerPage(snapshot, shown, _position(shown[-1], wanted.order) if len(found) > wanted.limit else None)


def _filtered(customers: Customers, wanted: Wanted) -> Customers:
    if wanted.prefix is not None:
        customers = customers.filter(customer_number__startswith=wanted.prefix)
    if wanted.band is not None:
        customers = customers.filter(risk_band=wanted.band)
    if wanted.level is not None:
        customers = customers.filter(level=wanted.level)
    return customers


def _by_number(customers: Customers, after: Position | None, size: int) -> list[CustomerColumns]:
    behind = customers.filter(customer_number__gt=after.number) if after else customers
    return list(behind.order_by("customer_number")[:size])


def _by_risk(customers: Customers, after: Position | None, size: int) -> list[CustomerColumns]:
    """Highest first, then those without probability: two ranges of an index, each begun where the last page ended."""
    found: list[CustomerColumns] = []
    scored, unscored = customers.filter(churn_probability__isnull=False), customers.filter(churn_probability=None)
    if after is None or after.probability is not None:
        if after:
            done = Q(churn_probability=after.probability, customer_number__lte=after.number)
            scored = scored.filter(~done, churn_probability__lte=after.probability)
        found = list(scored.order_by(F("churn_probability").desc(nulls_last=True), "customer_number")[:size])
        after = None
    return found + _by_number(unscored, after, size - len(found))


def _position(customer: CustomerColumns, order: Order) -> Position:
    return Position(customer.snapshot_id, order.value, customer.customer_number, customer.churn_probability)
