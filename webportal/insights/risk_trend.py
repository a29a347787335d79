"""How many customers were at risk, snapshot by snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from spark_assets.contracts import RiskBand
from webportal.common.plot import down, round_end
from webportal.customers.models import Snapshot


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
