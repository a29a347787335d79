"""Beginning and ending to watch."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from webportal.accounts.models import User
from webportal.alerts.models import Watch
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.customers.models import Snapshot
from webportal.customers.selectors import Viewer, get_current_snapshot, get_customer

MOST_CUSTOMERS = 500
MOST_SEGMENTS = 20
"""What one user may watch: more would be no news any more, and a pass asks for each."""


def watch_of(viewer: Viewer, number: str) -> Watch | None:
    """Return this viewer's watch of a customer, or None."""
    return Watch.objects.filter(owner_id=viewer.pk, customer_number=number).first()


@transaction.atomic
def watch_customer(*, user: User, snapshot: Snapshot, number: str) -> Watch | None:
    """Begin to watch a customer of `snapshot`; None where the user sees no such customer. Watching twice is once.

    Raises:
        ValidationError: the user watches as many as one may.
    """
    if get_customer(user, snapshot, number) is None:
        return None
    if Watch.objects.filter(owner=user, customer_number__isnull=False).count() >= MOST_CUSTOMERS:
        raise ValidationError(
            _("You watch %(most)d customers, which is as many as one can.") % {"most": MOST_CUSTOMERS}
        )
    watch, is_new = Watch.objects.get_or_create(
        owner=user, customer_number=number, defaults={"since_snapshot": snapshot.snapshot_id}
    )
    if is_new:
        record(Kind.ADDED, subjects=[number], details={"what": "watch", "id": watch.pk})
    return watch


@transaction.atomic
def watch_segment(*, user: User, watch: Watch) -> None:
    """Begin to watch the segment that the unsaved `watch` describes, for `user`.

    Raises:
        ValidationError: the user watches it, or as many as one may.
    """
    segments = Watch.objects.filter(owner=user, customer_number=None)
    if segments.count() >= MOST_SEGMENTS:
        raise ValidationError(_("You watch %(most)d segments, which is as many as one can.") % {"most": MOST_SEGMENTS})
    if segments.filter(band=watch.band, level=watch.level, place=watch.place).exists():
        raise ValidationError(_("You watch this segment already."))
    snapshot = get_current_snapshot()
    watch.owner, watch.since_snapshot = user, snapshot.snapshot_id if snapshot else 0
    watch.save()
    record(Kind.ADDED, details={"what": "watch", "id": watch.pk, "name": watch.segment})


@transaction.atomic
def end_watch(*, watch: Watch) -> None:
    """End a watch; the alerts that it gave stay in the inbox."""
    subjects = [watch.customer_number] if watch.customer_number else []
    record(Kind.DELETED, subjects=subjects, details={"what": "watch", "id": watch.pk, "name": watch.segment})
    watch.delete()
