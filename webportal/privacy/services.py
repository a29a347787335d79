"""Erasing a customer: gone from every snapshot now, from the lake at the next run, and never loaded again."""

from dataclasses import dataclass

from django.db import transaction

from webportal.accounts.models import ScopedCustomer
from webportal.alerts.keeping import forget_customer
from webportal.audit.models import Kind
from webportal.audit.selectors import names_of
from webportal.audit.services import record
from webportal.customers.models import CustomerSnapshot
from webportal.desk.privacy import erase_from_desk
from webportal.privacy.models import ErasedCustomer


@dataclass(frozen=True)
class Erased:
    """What went at once."""

    snapshots: int
    """Snapshots that held the customer."""
    team_lists: int
    """Lists of teams that named the customer."""
    desk_rows: int
    """Contacts, notes and tasks about the customer."""
    watches: int
    """Users who watched the customer."""
    alerts: int
    """Alerts that named the customer."""


@transaction.atomic
def erase(*, number: str, reason: str, by: str) -> Erased:
    """Erase a customer; one whom nobody knows, or who is erased already, only goes onto the list again.

    The number goes onto the list first: a publish that is under way locks the list before it shows its snapshot, so
    it either sees the number there, or we find its rows.
    """
    pseudonyms = names_of(number)[1:]
    ErasedCustomer.objects.update_or_create(
        customer_number=number,
        defaults={"reason": reason, "erased_by": by},
        create_defaults={"reason": reason, "erased_by": by, "pseudonym": " ".join(pseudonyms[:1])},
    )
    snapshots, _ = CustomerSnapshot.objects.filter(customer_number=number).delete()
    lists, _ = ScopedCustomer.objects.filter(customer_number=number).delete()
    watches, alerts = forget_customer([number, *pseudonyms])
    erased = Erased(snapshots, lists, erase_from_desk(number), watches, alerts)
    record(Kind.ERASED, subjects=[number], purpose=reason, details=vars(erased))
    return erased
