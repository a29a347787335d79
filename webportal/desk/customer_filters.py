"""Filters of the customer list by contacts and tasks. For viewers who do not work at the desk they filter nothing."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact

from webportal.accounts.models import User
from webportal.customers.listing.fields import Contacted
from webportal.customers.models import Snapshot
from webportal.customers.selectors import Viewer
from webportal.desk.selectors import assigned_numbers, contacted_numbers, may_work

CONTACTED_DAYS = 30


class _AnyOf(Exact):  # type: ignore[type-arg] # takes none while running
    """Whether a column equals one of an array that is read first: so the planner looks up each by index.

    Told of a subquery, it expects hundreds of thousands and walks along all customers until it has met enough.
    """

    def get_rhs_op(self, connection: Any, rhs: str) -> str:  # noqa: ANN401 - Django's own
        """Return the operator with its right side."""
        return f"= any({rhs})"


def contacted(value: str, _snapshot: Snapshot, viewer: Viewer) -> Q:
    """Match customers who were reached within `CONTACTED_DAYS`, or those who were not."""
    if not may_work(viewer):
        return Q()
    numbers = contacted_numbers(CONTACTED_DAYS)
    if value == Contacted.YES:
        return _among(numbers)
    return Q(~Exists(numbers.filter(customer_number=OuterRef("customer_number"))))


def assigned(_value: bool, _snapshot: Snapshot, viewer: Viewer) -> Q:
    """Match customers with an open task for the viewer."""
    return _among(assigned_numbers(viewer)) if isinstance(viewer, User) and may_work(viewer) else Q()


def _among(numbers: "QuerySet[Any, str]") -> Q:
    return Q(_AnyOf(F("customer_number"), ArraySubquery(numbers)))
