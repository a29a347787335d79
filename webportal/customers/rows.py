"""Rows of the list as its template prints them: fifty of them a page, so what a row needs is worked out here, once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from webportal.common.bands import GROUPS
from webportal.common.days import short_day
from webportal.common.values import LEVELS
from webportal.customers.hold_out import is_held_out
from webportal.customers.models import CustomerColumns

_UNKNOWN = "\u2013"


@dataclass(frozen=True)
class Row:
    """One customer; `percent` is empty without a score, `risen_from` unless the band has risen."""

    address: str
    number: str
    name: str
    percent: str
    group: str
    risk: str
    risen_from: str
    held_out: bool
    level: str
    place: str
    seen_at: str
    seen: str


def list_rows(customers: Iterable[CustomerColumns], hold_out_percent: int) -> list[Row]:
    """Return the rows of `customers`; `hold_out_percent` is the share that is held out, 0 where that is not shown."""
    words = _Words()
    return [words.row(customer, hold_out_percent) for customer in customers]


class _Words:
    """The words of one page, each translated once."""

    def __init__(self) -> None:
        self.groups = {key: str(group.label) for key, group in GROUPS.items()}
        self.levels = {key: str(label) for key, label in LEVELS.items()}
        self.risen = {"medium": _("from medium"), "low": _("from low")}

    def row(self, customer: CustomerColumns, hold_out_percent: int) -> Row:
        group = customer.group.key
        probability = customer.churn_probability
        return Row(
            address=customer.get_absolute_url(),
            number=customer.customer_number,
            name=customer.shown_name,
            percent="" if probability is None else number_format(probability * 100, 1),
            group=group,
            risk=self.groups[group],
            risen_from=self.risen.get(customer.risen_from or "", ""),
            held_out=is_held_out(customer, hold_out_percent),
            level=self.levels.get(customer.level, customer.level) if customer.level else _UNKNOWN,
            place=customer.location or _UNKNOWN,
            seen_at=customer.last_seen_at.isoformat(),
            seen=short_day(customer.last_seen_at.date()),
        )
