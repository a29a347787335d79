"""Addresses of the lists behind figures: the one place of the pages of figures that knows how they are built."""

from urllib.parse import urlencode

from django.urls import reverse

_SILENT = "unknown"
"""How summaries count customers of whom the logs do not say; no list asks for them."""


def customers_where(**filters: str | int) -> str | None:
    """Return the address of the list with these filters; None where no list can hold exactly what a figure counts.

    Filters are those of the list: `band`, `level`, `gender`, `place` (a region), `risen`, and `from` and `to` in
    percent, whose trailing underscore (`from_`) is Python's.
    """
    if _SILENT in filters.values():
        return None
    address = reverse("customers:list")
    asked = urlencode({name.rstrip("_"): value for name, value in filters.items()})
    return f"{address}?{asked}" if asked else address
