"""The state or region of a place as the logs write it: `Bozeman, MT` lies in `MT`, `Boston-…, MA-NH` in `MA-NH`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import F, Func, Q, QuerySet, TextField, Value

from spark_assets.contracts import UNKNOWN

if TYPE_CHECKING:  # the models use `Region` in their indexes
    from webportal.customers.models import CustomerColumns

AnyCustomers = TypeVar("AnyCustomers", bound="CustomerColumns")
PATTERN = ", ([^,]*)$"
"""Regular expression whose group is the region; a place without a comma has none, for it may be a town alone."""


class Region(Func):
    """SQL expression of the region of a column of places, null where there is none; an index exists on it."""

    function = "substring"
    output_field = TextField()

    def __init__(self, column: str | F, pattern: Value | None = None, **extra: Any) -> None:  # noqa: ANN401 - Func's own
        super().__init__(column, pattern or Value(PATTERN), **extra)


def at_place(customers: "QuerySet[CustomerColumns]", place: str) -> "QuerySet[CustomerColumns]":
    """Return those at a whole place or in a region; pseudonymous rows hold regions alone."""
    return at_places(customers, [place])


def at_places(customers: "QuerySet[AnyCustomers]", places: Sequence[str]) -> "QuerySet[AnyCustomers]":
    """Return those at one of these places or regions, as summaries count them; `UNKNOWN` stands for no place.

    What has a comma is a whole place. What has none is a region, or a whole place that is written without one.
    """
    wanted = Q(location__in=places)
    if UNKNOWN in places:
        wanted |= Q(location=None)
    regions = [place for place in places if "," not in place]
    if regions and not customers.model.is_pseudonymous:
        customers = customers.alias(region=Region("location"))
        wanted |= Q(region__in=regions)
    return customers.filter(wanted)
