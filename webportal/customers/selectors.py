"""Which customers a viewer may see, as one filter on the published table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from os.path import commonprefix
from typing import cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from spark_assets.contracts import UNKNOWN
from webportal.accounts.models import ScopedCustomer, Team, User
from webportal.accounts.roles import Right
from webportal.customers.detail.trend import PastScore
from webportal.customers.models import (
    CurrentSnapshot,
    CustomerColumns,
    CustomerSnapshot,
    FailedRun,
    PseudonymousCustomer,
    Snapshot,
    at_places,
)


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


Viewer = AbstractBaseUser | AnonymousUser

NEAR_LIMIT = 8
_FAILURE = ("dagster_run_id", "failed_at", "causes")


@dataclass(frozen=True)
class Shown:
    """What readers see, and the run that failed since; None before the first publish, and None while all is well."""

    snapshot: Snapshot | None
    failed_run: FailedRun | None = None


def get_shown() -> Shown:
    """Return the snapshot that readers see with the failure that it outlived, by one query.

    The snapshot's row never changes once it is published, and reading its summary takes longer than all else on a
    page, so a process keeps it: a request asks for the pointer alone.
    """
    told = FailedRun.objects.values(told=JSONObject(**{name: name for name in _FAILURE}))
    found = CurrentSnapshot.objects.values_list("snapshot_id", Subquery(told[:1])).first()
    if found is None:
        return Shown(None)
    number, failure = found
    try:
        return Shown(_published(number), _failed_run(failure) if failure else None)
    except Snapshot.DoesNotExist:
        return Shown(None)  # dropped in this moment


def get_current_snapshot() -> Snapshot | None:
    """Return the snapshot that readers see, or None before the first publish."""
    return get_shown().snapshot


def _failed_run(told: dict[str, str]) -> FailedRun:
    return FailedRun(**{**told, "failed_at": datetime.fromisoformat(told["failed_at"])})


@lru_cache(maxsize=2)
def _published(number: int) -> Snapshot:
    return Snapshot.objects.defer("model_card").get(pk=number)


def customers_visible_to(viewer: Viewer, snapshot: Snapshot) -> QuerySet[CustomerColumns]:
    """Return the customers of `snapshot` that `viewer` may see: the one door to them.

    Users of a team see its scope; administrators, users without a team and those of a team without a scope see all.
    Whoever may not see personal data gets rows without any, see `PseudonymousCustomer`. Anybody else gets none.
    """
    if not isinstance(viewer, User) or not viewer.has_right(Right.SEE_CUSTOMERS):
        return _as_columns(nobody())
    if not viewer.has_right(Right.SEE_PERSONAL_DATA):
        return _as_columns(pseudonymous(snapshot, viewer.team))
    customers = CustomerSnapshot.objects.filter(snapshot_id=snapshot.snapshot_id)
    if viewer.team is None or viewer.is_administrator:
        return _as_columns(customers)
    return _as_columns(in_scope(customers, viewer.team))


def _as_columns(customers: object) -> QuerySet[CustomerColumns]:
    """Both tables have the same columns, which is all that readers know of them."""
    return cast(QuerySet[CustomerColumns], customers)


def get_customer(viewer: Viewer, snapshot: Snapshot, number: str) -> CustomerColumns | None:
    """Return the customer with exactly this number, or None."""
    return customers_visible_to(viewer, snapshot).filter(customer_number=number).first()


def get_customer_with_scores(
    viewer: Viewer, snapshot: Snapshot, number: str
) -> tuple[CustomerColumns, list[PastScore]] | None:
    """Return the customer with exactly this number and what each kept snapshot up to this one says, the newest first.

    One query: for each row of `snapshot`, a probe of the primary key in that one's partition. Whom the viewer may see
    now, they may see as scored before, also where the customer then was in another place or on another level.
    """
    visible = customers_visible_to(viewer, snapshot)
    then = visible.model._default_manager.filter(
        snapshot_id=OuterRef("snapshot_id"), customer_number=OuterRef(OuterRef("customer_number"))
    ).values(told=JSONObject(p="churn_probability", b="risk_band"))
    past = (
        Snapshot.objects.filter(snapshot_id__lte=snapshot.snapshot_id)
        .order_by("-snapshot_id")
        .values(told=JSONObject(as_of="as_of_date", version="model_version", score=Subquery(then[:1])))
    )
    customer = visible.filter(customer_number=number).annotate(past_scores=ArraySubquery(past)).first()
    return None if customer is None else (customer, cast(list[PastScore], vars(customer)["past_scores"]))


def customers_near(viewer: Viewer, snapshot: Snapshot, number: str) -> list[CustomerColumns]:
    """Return at most `NEAR_LIMIT` customers whose numbers share the longest beginning with `number`.

    In a sorted list the longest shared beginning stands next to the number itself, so two short walks along the
    primary key find it, however long the number.
    """
    visible = customers_visible_to(viewer, snapshot)
    before = visible.filter(customer_number__lt=number).order_by("-customer_number")[:NEAR_LIMIT]
    after = visible.filter(customer_number__gte=number).order_by("customer_number")[:NEAR_LIMIT]
    neighbours = [*reversed(before), *after]
    shared = {each.customer_number: len(commonprefix([number, each.customer_number])) for each in neighbours}
    longest = max(shared.values(), default=0)
    if longest == 0:
        return []
    return [each for each in neighbours if shared[each.customer_number] == longest][:NEAR_LIMIT]
