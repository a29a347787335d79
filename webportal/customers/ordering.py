"""The orders of lists, each answered by an index, and where a list goes on behind a customer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import F, Q
from django.db.models.expressions import OrderBy


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
