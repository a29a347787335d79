"""A filtered list as CSV: the rows that its pages show, sent while they are read, each named in the audit before."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from webportal.accounts.models import DeskSettings, User
from webportal.audit.models import AuditEvent, Kind
from webportal.audit.services import record
from webportal.customers.filtering import Customers
from webportal.customers.hold_out import is_held_out
from webportal.customers.listing import chunks_of
from webportal.customers.models import Snapshot
from webportal.customers.ordering import Order

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
