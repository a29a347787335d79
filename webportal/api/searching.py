"""Search by name or number for the API: short walks along indexes, the nearest kind of match first."""

from django.db.models import QuerySet

from spark_assets.contracts.searching import name_key
from webportal.accounts.models import User
from webportal.accounts.roles import Right
from webportal.crm.writings import keys_of
from webportal.customers.keys import NumberKey
from webportal.customers.models import CustomerColumns
from webportal.customers.selectors import Viewer


def search(viewer: Viewer, customers: QuerySet[CustomerColumns], asked: str, limit: int) -> list[CustomerColumns]:
    """Return at most `limit` of `customers`: those whose number begins so, then last names, then whole names.

    Each kind is one range of an index of the published table; whoever sees pseudonyms finds by these alone.
    """
    if not (isinstance(viewer, User) and viewer.has_right(Right.SEE_PERSONAL_DATA)):
        walks = [customers.filter(customer_number__startswith=key.upper()) for key in keys_of(asked)]
        return _together([walk.order_by("customer_number") for walk in walks], limit)
    return _together([*by_number(customers, asked), *by_name(customers, asked)], limit)


def by_number(customers: QuerySet[CustomerColumns], asked: str) -> list[QuerySet[CustomerColumns]]:
    """Return a walk for each number that `asked` may begin."""
    keyed = customers.alias(key=NumberKey("customer_number"))
    return [keyed.filter(key__startswith=key).order_by("key") for key in keys_of(asked) if key]


def by_name(customers: QuerySet[CustomerColumns], asked: str) -> list[QuerySet[CustomerColumns]]:
    """Return the walks along last names and along whole names."""
    key = name_key(asked)
    if key is None:
        return []
    last, whole = customers.filter(last_name_key__startswith=key), customers.filter(name_key__startswith=key)
    return [
        last.order_by("last_name_key", "name_key", "customer_number"),
        whole.order_by("name_key", "customer_number"),
    ]


def _together(walks: list[QuerySet[CustomerColumns]], limit: int) -> list[CustomerColumns]:
    found: dict[str, CustomerColumns] = {}
    for walk in walks:
        if len(found) < limit:
            found |= {each.customer_number: each for each in walk[:limit] if each.customer_number not in found}
    return list(found.values())[:limit]
