"""Addresses of the lists behind figures: the one place of the pages of figures that knows how they are built."""

from urllib.parse import urlencode

from django.urls import reverse

from spark_assets.contracts import OTHERS


def customers_where(**filters: str | int) -> str | None:
    """Return the address of the list with these filters; None for what is not counted by itself.

    Filters are those of the list: `band`, `level`, `gender`, `place` (a region), `risen`, and `from` and `to` in
    percent, whose trailing underscore (`from_`) is Python's.
    """
    if OTHERS in filters.values():
        return None
    address = reverse("customers:list")
    asked = urlencode({name.rstrip("_"): value for name, value in filters.items()})
    return f"{address}?{asked}" if asked else address
