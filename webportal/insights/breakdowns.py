"""Risk bands by level, place and snapshot, with links to the lists behind them."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts import OTHERS, UNKNOWN, RiskBand
from spark_assets.contracts.summary import SnapshotSummary
from webportal.common.presentation import GROUPS, Group, down, round_end
from webportal.common.values import in_order
from webportal.customers.detail.explanation import facts_of
from webportal.customers.models import Snapshot, summary_of


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


@dataclass(frozen=True)
class Part:
    """The customers of one band in a row of a breakdown; `percent` is of the row."""

    group: Group
    count: int
    percent: float
    link: str | None


@dataclass(frozen=True)
class Breakdown:
    """One level or place: its scored customers by band, from high to low."""

    label: str | Promise
    scored: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Risen:
    """How many rose into the highest band since the last snapshot; without a count, `why` says why there is none."""

    count: int | None
    why: str | Promise
    link: str | None


def by_level(summary: SnapshotSummary, labels: Mapping[str, Promise]) -> list[Breakdown]:
    """Return the bands of each level, in the order of `labels`; empty in snapshots published without them."""
    counted = summary.get("bands_by_level", {})
    return [_breakdown(labels.get(key) or key, counted[key], "level", key) for key in in_order(counted, labels)]


def by_place(summary: SnapshotSummary, regions: Container[str] | None = None) -> list[Breakdown]:
    """Return the bands of the regions with most customers at high risk, those first; links to `regions` alone."""
    rows = [(row["place"], row["bands"]) for row in summary.get("places", [])]
    return [
        _breakdown(
            _("Unknown") if place == UNKNOWN else place, bands, "place", place if _has(regions, place) else OTHERS
        )
        for place, bands in rows
    ]


def _has(regions: Container[str] | None, place: str) -> bool:
    return regions is None or place in regions


def read_risen(snapshot: Snapshot) -> Risen:
    """Return how many are new at high risk, or why that cannot be said."""
    count = summary_of(snapshot).get("risen")
    if count is not None:
        return Risen(count, "", customers_where(risen=1, band=RiskBand.HIGH.value))
    facts = facts_of(snapshot)
    if facts is None:
        return Risen(None, _("Nothing was scored."), None)
    if facts["previous"] is None:
        return Risen(None, _("There are no earlier scores to compare with."), None)
    if not facts["previous"]["same_model"]:
        return Risen(None, _("Another model scored before; its bands cannot be compared."), None)
    return Risen(None, _("This snapshot was published without it."), None)


def _breakdown(label: str | Promise, bands: Mapping[str, int], filtered_by: str, key: str) -> Breakdown:
    scored = sum(bands.values())
    parts = tuple(
        Part(
            GROUPS[band],
            bands.get(band, 0),
            100 * bands.get(band, 0) / scored if scored else 0.0,
            customers_where(**{filtered_by: key, "band": band.value}),
        )
        for band in RiskBand
    )
    return Breakdown(label, scored, parts)


@dataclass(frozen=True)
class Column:
    """One as-of date: its customers at high and medium risk, and their shares of the scored ones in percent.

    The bars are in a drawing of 100 units' height, each one unit wide from `left` on: high stands on medium.
    """

    day: date
    version: str
    other_model: bool
    scored: int
    high: int
    medium: int
    left: int
    high_top: float
    high_height: float
    medium_top: float
    medium_height: float

    @property
    def high_percent(self) -> float:
        """Share at high risk."""
        return 100 * self.high / self.scored

    @property
    def medium_percent(self) -> float:
        """Share at medium risk."""
        return 100 * self.medium / self.scored


@dataclass(frozen=True)
class RiskTrend:
    """As-of dates that were scored, the oldest first, on an axis from 0 to `end` percent."""

    columns: tuple[Column, ...]
    changes: tuple[int, ...]
    end: float


Row = dict[str, Any]


def get_risk_trend(snapshot: Snapshot) -> RiskTrend | None:
    """Return the trend over the snapshots that are kept, up to this one; None where nothing was scored.

    One query, which takes the bands out of each summary in the database: the sample of the chart stays there.
    """
    rows = Snapshot.objects.filter(snapshot_id__lte=snapshot.snapshot_id, scored_rows__gt=0).order_by("snapshot_id")
    taken = rows.values("as_of_date", "model_version", "scored_rows", "summary__bands")
    by_day = {row["as_of_date"]: Row(row) for row in taken}
    scored = [by_day[day] for day in sorted(by_day)]
    return _trend(scored) if scored else None


def _trend(rows: Sequence[Row]) -> RiskTrend:
    end = round_end(max(100 * (_count(row, RiskBand.HIGH) + _count(row, RiskBand.MEDIUM)) / _all(row) for row in rows))
    columns = tuple(
        _column(row, place, place > 0 and rows[place - 1]["model_version"] != row["model_version"], end)
        for place, row in enumerate(rows)
    )
    return RiskTrend(columns, tuple(column.left for column in columns if column.other_model), end)


def _column(row: Row, left: int, other_model: bool, end: float) -> Column:
    scored, high, medium = _all(row), _count(row, RiskBand.HIGH), _count(row, RiskBand.MEDIUM)
    foot, top = down(100 * medium / scored, end), down(100 * (medium + high) / scored, end)
    return Column(
        day=row["as_of_date"],
        version=row["model_version"] or "",
        other_model=other_model,
        scored=scored,
        high=high,
        medium=medium,
        left=left,
        high_top=top,
        high_height=round(foot - top, 2),
        medium_top=foot,
        medium_height=round(100 - foot, 2),
    )


def _count(row: Row, band: RiskBand) -> int:
    return int((row["summary__bands"] or {}).get(band.value, 0))


def _all(row: Row) -> int:
    return int(row["scored_rows"])
