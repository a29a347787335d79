"""The state or region of a place as the logs write it: `Bozeman, MT` lies in `MT`, `Boston-…, MA-NH` in `MA-NH`."""

from typing import TYPE_CHECKING, Any

from django.db.models import F, Func, QuerySet, TextField, Value

if TYPE_CHECKING:  # the models use `Region` in their indexes
    from webportal.customers.models import CustomerColumns

PATTERN = ", ([^,]*)$"
"""Regular expression whose group is the region; a place without a comma has none, for it may be a town alone."""


class Region(Func):
    """SQL expression of the region of a column of places, null where there is none; an index exists on it."""

    function = "substring"
    output_field = TextField()

    def __init__(self, column: str | F, pattern: Value | None = None, **extra: Any) -> None:  # noqa: ANN401 - Func's own
        super().__init__(column, pattern or Value(PATTERN), **extra)


def at_place(customers: "QuerySet[CustomerColumns]", place: str) -> "QuerySet[CustomerColumns]":
    """Return those at a whole place, which has a comma, or in a region, which is all that pseudonymous rows hold."""
    if "," in place or customers.model.is_pseudonymous:
        return customers.filter(location=place)
    return customers.alias(region=Region("location")).filter(region=place)
