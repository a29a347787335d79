"""How much one customer listens, against the median customer."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.summary import summary_of


@dataclass(frozen=True)
class Comparison:
    """One measure of a customer beside the median of all customers; either is None when nobody listened."""

    key: str
    label: str | Promise
    value: float | None
    median: float | None

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


def compare(customer: CustomerColumns, snapshot: Snapshot) -> list[Comparison]:
    """Return days listened and songs per day of `customer` beside the medians of `snapshot`."""
    summary = summary_of(snapshot)
    return [
        Comparison("days", _("Days listened"), customer.days_listened, summary["median_days_listened"]),
        Comparison("songs", _("Songs per day"), customer.songs_per_day, summary["median_songs_per_day"]),
    ]


def _as_shown(value: float) -> Decimal:
    """Return `value` with the one decimal that the template's `floatformat` shows, rounded as it rounds."""
    return Decimal(repr(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
