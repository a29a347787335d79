"""Songs by day, as the customer page draws them."""

import json
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import number_format

from webportal.common.days import day_of_week, day_of_year
from webportal.common.plot import down, round_end
from webportal.customers.models import CustomerColumns, Snapshot


@dataclass(frozen=True)
class Day:
    """One UTC day: its songs, and its bar in a drawing of 100 units' height, one unit wide from `left` on.

    `label`, `full_label` and `heard` are the day and its songs as the reader writes them: sixty of each on a page, so
    they are worked out here, once.
    """

    day: date
    label: str
    full_label: str
    songs: int
    heard: str
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
    day = first + timedelta(days=place)
    return Day(
        day=day,
        label=day_of_year(day),
        full_label=day_of_week(day),
        songs=songs,
        heard=number_format(songs, force_grouping=True),
        left=place,
        top=top,
        height=round(100 - top, 2),
    )
