"""Customer numbers on the lists of teams, and invitations that are over."""

from datetime import datetime

from django.db.models import Q

from webportal.accounts.models import Invitation, ScopedCustomer
from webportal.common.personal_data import DataSubject, Rows


def export(subject: DataSubject) -> dict[str, Rows]:
    """Return the teams that list the customer."""
    listed = ScopedCustomer.objects.filter(customer_number=subject.number).select_related("team")
    return {"teams": [{"team": row.team.name} for row in listed]}


def erase(subject: DataSubject) -> dict[str, int]:
    """Delete the customer from the lists of teams."""
    lists, _ = ScopedCustomer.objects.filter(customer_number=subject.number).delete()
    return {"team_lists": lists}


def delete_before(day: datetime) -> dict[str, int]:
    """Delete invitations that were used, or expired, before a time."""
    invitations = Invitation.objects.filter(Q(used_at__lt=day) | Q(expires_at__lt=day))
    count = invitations.count()
    invitations._raw_delete(invitations.db)  # no audit event for each: the event of retention counts them
    return {"invitations": count}
