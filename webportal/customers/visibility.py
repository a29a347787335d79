"""Which customers a viewer may see, as one filter on the published table."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from spark_assets.contracts import UNKNOWN
from webportal.accounts.models import ScopedCustomer, Team
from webportal.customers.models import CustomerSnapshot, PseudonymousCustomer, Snapshot
from webportal.customers.regions import at_places


def in_scope(customers: QuerySet[CustomerSnapshot], team: Team) -> QuerySet[CustomerSnapshot]:
    """Return those of `customers` who meet every part of the team's scope that is set."""
    if team.levels:
        customers = customers.filter(has_one_of("level", team.levels))
    if team.places:
        customers = at_places(customers, team.places)
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


def has_one_of(column: str, values: Sequence[str]) -> Q:
    """Match customers with one of these values, as summaries count them; `UNKNOWN` stands for none."""
    one = len(values) == 1  # as an equality, which the indexes of lists are walked along by
    wanted = Q(**{column: values[0]}) if one else Q(**{f"{column}__in": list(values)})
    return wanted | Q(**{column: None}) if UNKNOWN in values else wanted
