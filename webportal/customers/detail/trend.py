"""How a customer's probability went over the snapshots that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from webportal.common.presentation import GROUPS, Group, across, down, round_end
from webportal.customers.detail.risk import RiskReading


class Score(TypedDict):
    """The probability of a customer in a snapshot, and its band; both null once the customer has cancelled."""

    p: float | None
    b: str | None


class PastScore(TypedDict):
    """What one snapshot says of a customer: its as-of date (ISO), its model, and the row; null where there is none."""

    as_of: str
    version: str | None
    score: Score | None


@dataclass(frozen=True)
class Point:
    """A score on its day, and its place in a drawing of 100 by 100; `other_model` than at the point before."""

    day: date
    percent: float
    group: Group
    version: str
    other_model: bool
    left: float
    top: float


@dataclass(frozen=True)
class Line:
    """Points by one model joined, as SVG's `points`."""

    points: str


@dataclass(frozen=True)
class Trend:
    """Scores, the oldest first, on an axis from 0 to `end` percent.

    Scores of two models are not joined: a step between them may be the model's alone. `floors` are the places of
    today's bands from the top.
    """

    points: tuple[Point, ...]
    lines: tuple[Line, ...]
    changes: tuple[float, ...]
    floors: tuple[float, ...]
    end: float


def read_trend(history: Sequence[PastScore], risk: RiskReading | None) -> Trend | None:
    """Return the trend of `history`, the newest snapshot first; None where nothing was ever scored.

    Of several snapshots of one as-of date the newest counts.
    """
    known = _known(history)
    if not known:
        return None
    floors = [floor for floor in (risk.medium_from, risk.high_from) if floor is not None] if risk else []
    end = round_end(min(max([*(each.percent for each in known), *floors]) * 1.1, 100.0))
    points = _points(known, end)
    return Trend(
        points=points,
        lines=_lines(points),
        changes=tuple(point.left for point in points if point.other_model),
        floors=tuple(down(floor, end) for floor in floors),
        end=end,
    )


@dataclass(frozen=True)
class _Known:
    day: date
    version: str
    percent: float
    group: Group


def _known(history: Sequence[PastScore]) -> list[_Known]:
    """Return what was scored, the oldest first."""
    by_day = {date.fromisoformat(past["as_of"]): past for past in reversed(history)}
    found: list[_Known] = []
    for day in sorted(by_day):
        score = by_day[day]["score"]
        if score is not None and score["p"] is not None and score["b"] is not None:
            found.append(_Known(day, by_day[day]["version"] or "", 100 * score["p"], GROUPS[score["b"]]))
    return found


def _points(known: Sequence[_Known], end: float) -> tuple[Point, ...]:
    first, last = known[0].day, known[-1].day
    return tuple(
        Point(
            day=each.day,
            percent=each.percent,
            group=each.group,
            version=each.version,
            other_model=place > 0 and known[place - 1].version != each.version,
            # a score alone stands in the middle
            left=across((each.day - first).days, (last - first).days) if first != last else 50.0,
            top=down(each.percent, end),
        )
        for place, each in enumerate(known)
    )


def _lines(points: Sequence[Point]) -> tuple[Line, ...]:
    runs: list[list[Point]] = []
    for point in points:
        if point.other_model or not runs:
            runs.append([])
        runs[-1].append(point)
    return tuple(Line(" ".join(f"{point.left},{point.top}" for point in run)) for run in runs if len(run) > 1)
