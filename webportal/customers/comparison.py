"""How much one customer listens, against all customers: the median, and how many have more or less."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from webportal.common.plot import across, round_end
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.summary import summary_of


@dataclass(frozen=True)
class Comparison:
    """One measure of a customer beside the median of all customers; either is None when nobody listened.

    Of all customers `below` percent have less and `above` percent have more; None where that was not published.
    """

    key: str
    label: str | Promise
    value: float | None
    median: float | None
    below: int | None = None
    above: int | None = None

    @property
    def difference(self) -> float | None:
        """Value minus median, rounded as shown, so that the figures on the page add up."""
        if self.value is None or self.median is None:
            return None
        return float(_as_shown(self.value) - _as_shown(self.median))

    @property
    def size_of_difference(self) -> float | None:
        """The difference without its sign."""
        return None if self.difference is None else abs(self.difference)

    @property
    def end(self) -> float:
        """Where the axis of both bars ends."""
        return round_end(max(self.value or 0, self.median or 0))

    @property
    def bar(self) -> float:
        """The customer's bar, in units of the drawing."""
        return across(self.value or 0, self.end)

    @property
    def median_bar(self) -> float:
        """The median's."""
        return across(self.median or 0, self.end)


def compare(customer: CustomerColumns, snapshot: Snapshot) -> list[Comparison]:
    """Return days listened and songs per day of `customer` beside those of all customers of `snapshot`."""
    summary = summary_of(snapshot)
    ranks = summary.get("percentiles", {})
    days, songs = customer.days_listened, customer.songs_per_day
    days_rank, songs_rank = _rank(days, ranks.get("days_listened")), _rank(songs, ranks.get("songs_per_day"))
    return [
        Comparison("days", _("Days listened"), days, summary["median_days_listened"], *days_rank),
        Comparison("songs", _("Songs per day"), songs, summary["median_songs_per_day"], *songs_rank),
    ]


def _rank(value: float | None, percentiles: Sequence[float] | None) -> tuple[int | None, int | None]:
    """Return how many percent at least have less, and how many have more, than `value`.

    Args:
        value: compared as published, with two decimals.
        percentiles: the values at 0, 1, ... 100 %, as `SnapshotSummary` says; none when not published.
    """
    if value is None or not percentiles:
        return None, None
    value, top = round(value, 2), len(percentiles) - 1
    below = bisect_left(percentiles, value) - 1
    above = top - bisect_right(percentiles, value)
    return min(max(below, 0), top), min(max(above, 0), top)


def _as_shown(value: float) -> Decimal:
    """Return `value` with the one decimal that the template's `floatformat` shows, rounded as it rounds."""
    return Decimal(repr(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
