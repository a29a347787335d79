"""What mattered in the life of a customer, the newest first."""

import json
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts.explanations import MOST_MOMENTS, Moment, MomentKind
from webportal.customers.models import CustomerColumns

_REGISTERED = "registered"

NAMES: dict[str, str | Promise] = {
    MomentKind.UPGRADE: _("Upgraded to paid"),
    MomentKind.DOWNGRADE: _("Downgraded to free"),
    MomentKind.ERROR: _("Met an error"),
    MomentKind.HELP: _("Looked for help"),
    MomentKind.CANCEL: _("Cancelled"),
    _REGISTERED: _("Registered"),
}


@dataclass(frozen=True)
class Entry:
    """Something that happened on a UTC day, and how many times."""

    day: date
    kind: str
    label: str | Promise
    times: int


@dataclass(frozen=True)
class Timeline:
    """Entries, the newest first; `cut` where older ones were not published."""

    entries: tuple[Entry, ...]
    cut: bool


def read_timeline(customer: CustomerColumns) -> Timeline:
    """Return what is known to have happened; a kind that this portal does not know yet is shown as its key.

    Registration and cancellation come from columns of their own: they stand here whatever the moments hold.
    """
    moments: list[Moment] = json.loads(customer.moments) if customer.moments else []
    counted = {(date.fromisoformat(moment["d"]), moment["k"]): moment["n"] for moment in moments}
    if customer.cancelled_on:
        counted.setdefault((customer.cancelled_on, MomentKind.CANCEL.value), 1)
    if customer.registered_on:
        counted[customer.registered_on, _REGISTERED] = 1
    newest_first = sorted(counted, key=lambda each: (each[0], each[1] != _REGISTERED), reverse=True)
    entries = tuple(Entry(day, kind, NAMES.get(kind, kind), counted[day, kind]) for day, kind in newest_first)
    return Timeline(entries, cut=len(moments) >= MOST_MOMENTS)
