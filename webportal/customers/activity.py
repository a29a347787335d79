"""Songs by day, as the customer page draws them."""

import json
from dataclasses import dataclass
from datetime import date, timedelta

from webportal.common.plot import down, round_end
from webportal.customers.models import CustomerColumns, Snapshot


@dataclass(frozen=True)
class Day:
    """One UTC day: its songs, and its bar in a drawing of 100 units' height, one unit wide from `left` on."""

    day: date
    songs: int
    left: int
    top: float
    height: float


@dataclass(frozen=True)
class Activity:
    """The last days, the oldest first, on an axis from 0 to `end` songs."""

    days: tuple[Day, ...]
    end: float
    songs: int
    days_with_music: int


def read_activity(customer: CustomerColumns, snapshot: Snapshot) -> Activity | None:
    """Return the songs of the last days up to the as-of date; None in snapshots that were published without them."""
    if customer.activity is None:
        return None
    counts: list[int] = json.loads(customer.activity)
    if not counts:
        return None
    first = snapshot.as_of_date - timedelta(days=len(counts) - 1)
    end = round_end(max(counts))
    return Activity(
        days=tuple(_day(first, place, songs, end) for place, songs in enumerate(counts)),
        end=end,
        songs=sum(counts),
        days_with_music=sum(songs > 0 for songs in counts),
    )


def _day(first: date, place: int, songs: int, end: float) -> Day:
    top = down(songs, end)
    return Day(first + timedelta(days=place), songs, place, top, round(100 - top, 2))
