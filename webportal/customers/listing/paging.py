"""Keyset paging: orders, each with its index, signed cursors, and pages of a filtered list."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from django.core import signing
from django.db.models import F, Q
from django.db.models.expressions import OrderBy

from webportal.customers.listing.fields import Customers, Filters, narrowed, narrowed_by_others
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.selectors import Viewer, customers_visible_to

LIFE_SECONDS = 24 * 3600
LONGEST = 3_000
"""Signs of a cursor: names and a number at their longest, in any script."""


class BadCursorError(Exception):
    """Text that we did not sign, not within `LIFE_SECONDS`, or in another version of Encore."""


def write_cursor(values: list[Any], salt: str) -> str:
    """Return text that `read_cursor` reads back; `values` are what JSON can hold, and `salt` says for which list."""
    return signing.dumps(values, salt=salt, compress=True)


def read_cursor(text: str, salt: str, types: Sequence[type]) -> list[Any]:
    """Return the values that were signed for this list, one of each of `types`.

    Raises:
        BadCursorError: they were not, or too long ago, or are others: a version before may have signed them.
    """
    try:
        values = signing.loads(text[: LONGEST + 1], salt=salt, max_age=LIFE_SECONDS)
    except signing.BadSignature:
        raise BadCursorError from None
    if not isinstance(values, list) or [type(value) for value in values] != list(types):
        raise BadCursorError
    return values


class Order(StrEnum):
    """How a list is sorted."""

    RISK = "risk"
    SEEN = "seen"
    NAME = "name"
    NUMBER = "number"


@dataclass(frozen=True)
class Key:
    """A column that an order sorts by; unknown values stand last."""

    column: str
    descending: bool = False
    nullable: bool = False

    @property
    def expression(self) -> OrderBy:
        """The column in its order, written as the indexes have it."""
        return F(self.column).desc(nulls_last=self.nullable or None) if self.descending else F(self.column).asc()

    def beyond(self, value: object) -> Q:
        """What stands behind a known value, unknown ones left aside."""
        return Q(**{f"{self.column}__{'lt' if self.descending else 'gt'}": value})


_NUMBER = Key("customer_number")
KEYS: dict[Order, tuple[Key, ...]] = {
    Order.RISK: (Key("churn_probability", descending=True, nullable=True), _NUMBER),
    Order.SEEN: (Key("last_seen_at", descending=True), _NUMBER),
    Order.NAME: (Key("last_name_key", nullable=True), Key("name_key", nullable=True), _NUMBER),
    Order.NUMBER: (_NUMBER,),
}


def in_order(order: Order) -> list[OrderBy]:
    """Return what to sort by; the number makes the order one of a kind."""
    return [key.expression for key in KEYS[order]]


def ranges_after(order: Order, values: Sequence[Any]) -> Iterator[Q]:
    """Yield what stands behind the customer with these values of the order's columns, range by range.

    Each is one range of the order's index, and none has to pass over what was shown before, however many customers
    share a value: first those who agree in all columns but the last, then in all but the last two, and so on.
    """
    keys = KEYS[order]
    for place in reversed(range(len(keys))):
        same = Q(**{key.column: value for key, value in zip(keys[:place], values, strict=False)})
        if values[place] is None:
            continue
        yield same & keys[place].beyond(values[place])
        if keys[place].nullable:
            yield same & Q(**{keys[place].column: None})


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
