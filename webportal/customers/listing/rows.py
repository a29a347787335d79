"""Rows of a list as its template and its CSV show them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from webportal.accounts.models import DeskSettings, User
from webportal.audit.models import AuditEvent, Kind
from webportal.audit.services import record
from webportal.common.localization import short_day
from webportal.common.presentation import GROUPS
from webportal.common.values import LEVELS
from webportal.customers.hold_out import is_held_out
from webportal.customers.listing.fields import Customers
from webportal.customers.listing.paging import Order, chunks_of
from webportal.customers.models import CustomerColumns, Snapshot


class ExportForm(forms.Form):
    """What the file is for; the audit keeps it beside the customers who are in the file."""

    purpose = forms.CharField(
        label=gettext_lazy("Purpose"),
        max_length=500,
        strip=True,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "What the file is for, and who gets it. The audit keeps this with the customers in the file."
        ),
    )


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


_CHUNK = 2_000
BEGUN, SENT = "begun", "sent"

_HELD_OUT = "held_out"
"""No column of the table: a list that leaves marks the hold-out group as the pages do."""

COLUMNS = {
    "customer": "customer_number",
    "first name": "first_name",
    "last name": "last_name",
    "gender": "gender",
    "level": "level",
    "place": "location",
    "customer since": "registered_on",
    "last seen": "last_seen_at",
    "cancelled on": "cancelled_on",
    "probability of leaving": "churn_probability",
    "risk": "risk_band",
    "held out": _HELD_OUT,
    "risen from": "risen_from",
    "days listened": "days_listened",
    "songs per day": "songs_per_day",
}
_HIDDEN = frozenset({"first_name", "last_name", _HELD_OUT})


def columns_for(customers: Customers) -> dict[str, str]:
    """Return the columns by their headings; pseudonymous rows have no names and no draw."""
    hidden = _HIDDEN if customers.model.is_pseudonymous else frozenset()
    return {heading: column for heading, column in COLUMNS.items() if column not in hidden}


class SnapshotGoneError(Exception):
    """The snapshot was dropped while it was exported: the download breaks off, and does not look whole."""


def begin_export(user: User, purpose: str, told: dict[str, Any]) -> bool:
    """Write down that an export begins; False, and nothing, when the user has had as many today as are allowed.

    The user's row is locked meanwhile, so that of two at once the later counts the earlier.
    """
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        begun = AuditEvent.objects.filter(
            kind=Kind.EXPORTED, actor=user.get_username(), at__gte=midnight, details__step=BEGUN
        )
        if begun.count() >= DeskSettings.current().exports_a_day:
            return False
        record(Kind.EXPORTED, actor=user, purpose=purpose, details={**told, "step": BEGUN})
    return True


def rows_of(
    customers: Customers, order: Order, hold_out_percent: int, sent: Callable[[list[str]], None]
) -> Iterator[tuple[object, ...]]:
    """Yield the cells of each customer; before a chunk of them goes out, tell `sent` their numbers.

    `hold_out_percent` is the share that is held out. No transaction spans two chunks, so that what was told is kept
    however the download ends.

    Raises:
        SnapshotGoneError: see there.
    """
    columns = list(columns_for(customers).values())
    stored = {"snapshot_id", "hold_out_draw", "risk_band", "cancelled_on", *columns} - {_HELD_OUT}
    snapshot_id = None
    for chunk in chunks_of(customers.only(*stored), order, _CHUNK):
        snapshot_id = chunk[-1].snapshot_id
        sent([customer.customer_number for customer in chunk])
        for customer in chunk:
            held_out = "yes" if is_held_out(customer, hold_out_percent) else ""
            cells = (held_out if column == _HELD_OUT else getattr(customer, column) for column in columns)
            yield tuple(cell.isoformat() if hasattr(cell, "isoformat") else cell for cell in cells)
    if snapshot_id is not None and not Snapshot.objects.filter(pk=snapshot_id).exists():
        raise SnapshotGoneError
