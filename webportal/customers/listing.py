"""Pages of a filtered list: keyset paging over the one query of what a viewer may see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q

from webportal.customers.filtering import Customers, Filters, narrowed, narrowed_by_others
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.ordering import KEYS, Order, in_order, ranges_after
from webportal.customers.selectors import Viewer, customers_visible_to

PAGE_SIZE = 50
SHOWN = (
    "snapshot_id",
    "customer_number",
    "first_name",
    "last_name",
    "gender",
    "level",
    "location",
    "last_seen_at",
    "cancelled_on",
    "churn_probability",
    "risk_band",
    "risen_from",
    "hold_out_draw",
)
"""Columns of a list: the long ones that explain a score stay in the database."""


class Position(NamedTuple):
    """The last customer of a page: the next one goes on behind, in the snapshot that paging began in.

    The values sorted by are looked up again: names have no business in an address.
    """

    snapshot_id: int
    order: str
    number: str


POSITION_TYPES = (int, str, str)
"""What a cursor of a list holds: the values of a `Position`."""


@dataclass(frozen=True)
class Wanted:
    """What a list is to show."""

    filters: Filters
    order: Order
    after: Position | None = None


@dataclass(frozen=True)
class Page:
    """Customers of one snapshot, and where the next page goes on; None on the last one."""

    customers: list[CustomerColumns]
    next: Position | None


class ListGoneError(Exception):
    """The customer behind whom a page was to go on is no longer to be seen: erased, or out of the viewer's scope."""


def list_page(viewer: Viewer, snapshot: Snapshot, wanted: Wanted) -> Page:
    """Return one page of at most `PAGE_SIZE` customers; nothing is counted and nothing skipped.

    Raises:
        ListGoneError: see there.
    """
    customers = wanted_customers(viewer, snapshot, wanted).only(*SHOWN)
    return page_of(customers, customers_visible_to(viewer, snapshot), wanted.order, wanted.after, PAGE_SIZE)


def page_of(customers: Customers, visible: Customers, order: Order, after: Position | None, size: int) -> Page:
    """Return one page of `customers`, who are some of `visible`, all of one snapshot.

    Raises:
        ListGoneError: see there.
    """
    found = _within(customers, _ranges(visible, order, after), order, size + 1)
    shown, more = found[:size], len(found) > size
    return Page(shown, Position(shown[-1].snapshot_id, order, shown[-1].customer_number) if more else None)


def chunks_of(customers: Customers, order: Order, size: int) -> Iterator[list[CustomerColumns]]:
    """Yield all of `customers`, at most `size` at a time, each chunk by a query of its own that nothing holds open."""
    ranges: Iterable[Q] = [Q()]
    while found := _within(customers, ranges, order, size):
        yield found
        ranges = ranges_after(order, [getattr(found[-1], key.column) for key in KEYS[order]])


def _within(customers: Customers, ranges: Iterable[Q], order: Order, wanted: int) -> list[CustomerColumns]:
    """Return the first of those within `ranges`, which follow each other in the order."""
    found: list[CustomerColumns] = []
    for within in ranges:
        found += customers.filter(within).order_by(*in_order(order))[: wanted - len(found)]
        if len(found) >= wanted:
            break
    return found


def wanted_customers(viewer: Viewer, snapshot: Snapshot, wanted: Wanted) -> Customers:
    """Return everybody whom the list is about, in its order: what its pages and its export read."""
    customers = narrowed(customers_visible_to(viewer, snapshot), wanted.filters, snapshot)
    return narrowed_by_others(customers, wanted.filters, snapshot, viewer).order_by(*in_order(wanted.order))


def _ranges(visible: Customers, order: Order, after: Position | None) -> Iterator[Q]:
    if after is None:
        yield Q()
        return
    columns = [key.column for key in KEYS[order]]
    values: tuple[Any, ...] | None = visible.filter(customer_number=after.number).values_list(*columns).first()
    if values is None:
        raise ListGoneError
    yield from ranges_after(order, values)
