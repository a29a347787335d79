"""Filters by what the desk did: numbers come from the desk's tables, customers from the one query of who sees whom."""

from django.db.models import Exists, OuterRef

from webportal.accounts.models import User
from webportal.customers.filtering import Customers, Filters
from webportal.customers.selectors import Viewer
from webportal.desk.selectors import assigned_numbers, contacted_numbers

CONTACTED_DAYS = 30
YES, NO = "yes", "no"


def worked(customers: Customers, filters: Filters, viewer: Viewer) -> Customers:
    """Return those of `customers` who were contacted lately, or not, or whom the viewer has an open task about.

    Who does not work at the desk knows nothing of its work: for them these filters filter nothing.
    """
    if not isinstance(viewer, User) or not viewer.works_at_desk:
        return customers
    if filters.contacted is not None:
        among = Exists(contacted_numbers(CONTACTED_DAYS).filter(customer_number=OuterRef("customer_number")))
        customers = customers.filter(among if filters.contacted == YES else ~among)
    if filters.assigned:
        customers = customers.filter(
            Exists(assigned_numbers(viewer).filter(customer_number=OuterRef("customer_number")))
        )
    return customers
