"""The meaning of a churn probability: band, direction, observed rate, and listening compared with all customers."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts import RiskBand
from webportal.common.presentation import GROUPS, Group, across, round_end
from webportal.customers.detail.explanation import facts_of
from webportal.customers.models import CustomerColumns, Snapshot, summary_of


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


class Fit(StrEnum):
    """Where a score lies beside the scores of the row that speaks for it."""

    WITHIN = "within"
    NEAR = "near"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True)
class OfAHundred:
    """What came of the scores from `least` to `greatest` percent.

    `left`, `low` and `high` are of a hundred, whole numbers, the last two an interval of 95 %; `leavers` of `examples`
    are what was counted.
    """

    left: int
    low: int
    high: int
    leavers: int
    examples: int
    least: float
    greatest: float
    fit: Fit


def read_of_a_hundred(customer: CustomerColumns, snapshot: Snapshot) -> OfAHundred | None:
    """Return what came of scores like this customer's; None without a score or without such a table.

    Rows span the scores that were seen. One that none spans is told by the nearest row, and `fit` says so.
    """
    facts = facts_of(snapshot)
    score = customer.churn_probability
    if facts is None or score is None or not facts.get("of_a_hundred"):
        return None
    rows = facts["of_a_hundred"]
    row = min(rows, key=lambda each: max(each["least"] - score, score - each["greatest"], 0.0))
    return OfAHundred(
        left=round(100 * row["rate"]),
        low=round(100 * row["low"]),
        high=round(100 * row["high"]),
        leavers=int(row["leavers"]),
        examples=int(row["examples"]),
        least=100 * row["least"],
        greatest=100 * row["greatest"],
        fit=_fit(score, row, rows),
    )


def _fit(score: float, row: dict[str, float], rows: list[dict[str, float]]) -> Fit:
    if _shown(row["least"]) <= _shown(score) <= _shown(row["greatest"]):
        return Fit.WITHIN
    if score > max(each["greatest"] for each in rows):
        return Fit.ABOVE
    return Fit.BELOW if score < min(each["least"] for each in rows) else Fit.NEAR


def _shown(share: float) -> float:
    """Percent as the page writes them: 6.2 % is not said to lie above 6.2 %."""
    return round(100 * share, 1)


@dataclass(frozen=True)
class Zone:
    """One band on the scale: where it begins and how wide it is, in percent of the scale's length."""

    group: Group
    start: float
    width: float


@dataclass(frozen=True)
class Scale:
    """The drawn scale of probabilities: it ends at `end` percent; places are in percent of its length."""

    end: float
    zones: tuple[Zone, ...]
    marker: float


@dataclass(frozen=True)
class RiskReading:
    """The risk of one customer. Probabilities are in percent; `base_rate` and `lift` are None without bands."""

    percent: float
    group: Group
    horizon_days: int
    as_of: date
    until: date
    medium_from: float | None
    high_from: float | None
    base_rate: float | None
    lift: float | None
    scale: Scale | None


def read_risk(customer: CustomerColumns, snapshot: Snapshot) -> RiskReading | None:
    """Return the reading of a scored customer, or None where there is no probability."""
    if customer.churn_probability is None or customer.risk_band is None:
        return None
    summary = summary_of(snapshot)
    floors, base = summary["band_floors"], summary.get("base_rate")
    medium, high = floors.get(RiskBand.MEDIUM), floors.get(RiskBand.HIGH)
    probability = customer.churn_probability
    return RiskReading(
        percent=probability * 100,
        group=GROUPS[customer.risk_band],
        horizon_days=snapshot.horizon_days,
        as_of=snapshot.as_of_date,
        until=snapshot.as_of_date + timedelta(days=snapshot.horizon_days),
        medium_from=medium * 100 if medium is not None else None,
        high_from=high * 100 if high is not None else None,
        base_rate=base * 100 if base else None,
        lift=probability / base if base else None,
        scale=_scale(probability, medium, high) if medium is not None and high is not None else None,
    )


def _scale(probability: float, medium: float, high: float) -> Scale:
    """Return a scale that shows all three bands and the customer, however rare churn is."""
    end = min(1.0, max(2 * high, 1.15 * probability))
    medium, high = min(medium, end), min(high, end)
    edges = ((RiskBand.LOW, 0.0, medium), (RiskBand.MEDIUM, medium, high), (RiskBand.HIGH, high, end))
    zones = tuple(Zone(GROUPS[band], start / end * 100, (stop - start) / end * 100) for band, start, stop in edges)
    return Scale(end=end * 100, zones=zones, marker=probability / end * 100)
