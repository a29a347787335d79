"""Filters by what the desk did: numbers come from the desk's tables, customers from the one query of who sees whom."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.lookups import Exact

from webportal.accounts.models import User
from webportal.customers.filtering import Customers, Filters
from webportal.customers.selectors import Viewer
from webportal.desk.selectors import assigned_numbers, contacted_numbers

CONTACTED_DAYS = 30
YES, NO = "yes", "no"


class _AnyOf(Exact):  # type: ignore[type-arg] # takes none while running
    """Whether a column equals one of an array that is read first: so the planner looks up each by index.

    Told of a subquery, it expects hundreds of thousands and walks along all customers until it has met enough.
    """

    def get_rhs_op(self, connection: Any, rhs: str) -> str:  # noqa: ANN401 - Django's own
        """Return the operator with its right side."""
        return f"= any({rhs})"


def worked(customers: Customers, filters: Filters, viewer: Viewer) -> Customers:
    """Return those of `customers` who were contacted lately, or not, or whom the viewer has an open task about.

    Who does not work at the desk knows nothing of its work: for them these filters filter nothing.
    """
    if not isinstance(viewer, User) or not viewer.works_at_desk:
        return customers
    if filters.contacted == YES:
        customers = customers.filter(_among(contacted_numbers(CONTACTED_DAYS)))
    if filters.contacted == NO:
        contacted = contacted_numbers(CONTACTED_DAYS).filter(customer_number=OuterRef("customer_number"))
        customers = customers.filter(~Exists(contacted))
    if filters.assigned:
        customers = customers.filter(_among(assigned_numbers(viewer)))
    return customers


def _among(numbers: "QuerySet[Any, str]") -> _AnyOf:
    return _AnyOf(F("customer_number"), ArraySubquery(numbers))
