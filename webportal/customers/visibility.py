"""Which customers a viewer may see, as one filter on the published table."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from webportal.accounts.models import ScopedCustomer, Team
from webportal.customers.models import CustomerSnapshot, PseudonymousCustomer, Snapshot
from webportal.customers.regions import Region


def in_scope(customers: QuerySet[CustomerSnapshot], team: Team) -> QuerySet[CustomerSnapshot]:
    """Return those of `customers` who meet every part of the team's scope that is set."""
    if team.levels:
        customers = customers.filter(level__in=team.levels)
    if team.places:
        customers = customers.alias(region=Region("location")).filter(_at(team.places))
    if team.by_list:
        listed = ScopedCustomer.objects.filter(team_id=team.pk, customer_number=OuterRef("customer_number"))
        customers = customers.filter(Exists(listed))
    return customers


def pseudonymous(snapshot: Snapshot, team: Team | None) -> QuerySet[PseudonymousCustomer]:
    """Return the customers of `snapshot` without names, numbers and places; those in the team's scope."""
    customers = PseudonymousCustomer.objects.filter(snapshot_id=snapshot.snapshot_id)
    if team is None or team.sees_all:
        return customers
    seen = in_scope(CustomerSnapshot.objects.filter(snapshot_id=snapshot.snapshot_id), team)
    return customers.filter(Exists(seen.filter(pseudonym=OuterRef("customer_number"))))


def nobody() -> QuerySet[CustomerSnapshot]:
    """Return no customer."""
    return CustomerSnapshot.objects.none()


def _at(places: list[str]) -> Q:
    """Match whole places, which have a comma, and regions, which have none."""
    regions = [place for place in places if "," not in place]
    whole = [place for place in places if "," in place]
    matched = Q(location__in=whole) if whole else Q()
    return matched | Q(region__in=regions) if regions else matched
