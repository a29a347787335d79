"""Erasing a customer: gone from every snapshot now, from the lake at the next run, and never loaded again."""

from django.db import transaction

from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.personal_data import handlers, subject_of
from webportal.privacy.models import ErasedCustomer

Erased = dict[str, int]
"""Counts of erased rows by kind: `snapshots`, `team_lists`, `desk_rows`, `watches`, `alerts`."""


@transaction.atomic
def erase(*, number: str, reason: str, by: str) -> Erased:
    """Erase a customer; one whom nobody knows, or who is erased already, only goes onto the list again.

    The number goes onto the list first: a publish that is under way locks the list before it shows its snapshot, so
    it either sees the number there, or we find its rows.
    """
    subject = subject_of(number)
    ErasedCustomer.objects.update_or_create(
        customer_number=number,
        defaults={"reason": reason, "erased_by": by},
        create_defaults={"reason": reason, "erased_by": by, "pseudonym": " ".join(subject.pseudonyms[:1])},
    )
    erased: Erased = {}
    for handler in handlers().values():
        if handler.erase:
            erased |= handler.erase(subject)
    record(Kind.ERASED, subjects=[number], purpose=reason, details=erased)
    return erased
