"""Reads for a screen-pop."""

from webportal.accounts.models import User
from webportal.accounts.roles import Right
from webportal.common.customer_numbers import NumberKey, keys_of
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.selectors import Viewer, customers_visible_to

MOST = 25


def customers_written(viewer: Viewer, snapshot: Snapshot, written: str) -> list[CustomerColumns]:
    """Return the customers whom a number in any writing may mean, in order: one above `MOST` when there are more.

    Whoever sees pseudonyms in place of numbers asks by them; they are in capitals, and the index of numbers does not
    know them.
    """
    keys = keys_of(written)
    visible = customers_visible_to(viewer, snapshot)
    if not keys:
        return []
    if not (isinstance(viewer, User) and viewer.has_right(Right.SEE_PERSONAL_DATA)):
        pseudonyms = visible.filter(customer_number__in=[key.upper() for key in keys])
        return list(pseudonyms.order_by("customer_number")[: MOST + 1])
    keyed = visible.alias(key=NumberKey("customer_number")).filter(key__in=keys)
    return list(keyed.order_by("customer_number")[: MOST + 1])
