"""Songs by day and the events of a customer, newest first."""

import json
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts.explanations import MOST_MOMENTS, Moment, MomentKind
from webportal.common.localization import day_of_week, day_of_year
from webportal.common.presentation import down, round_end
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


_REGISTERED = "registered"

NAMES: dict[str, str | Promise] = {
    MomentKind.UPGRADE: _("Upgraded to paid"),
    MomentKind.DOWNGRADE: _("Downgraded to free"),
    MomentKind.ERROR: _("Met an error"),
    MomentKind.HELP: _("Looked for help"),
    MomentKind.CANCEL: _("Cancelled"),
    _REGISTERED: _("Registered"),
}


@dataclass(frozen=True)
class Entry:
    """Something that happened on a UTC day, and how many times."""

    day: date
    kind: str
    label: str | Promise
    times: int


@dataclass(frozen=True)
class Timeline:
    """Entries, the newest first; `cut` where older ones were not published."""

    entries: tuple[Entry, ...]
    cut: bool


def read_timeline(customer: CustomerColumns) -> Timeline:
    """Return what is known to have happened; a kind that this portal does not know yet is shown as its key.

    Registration and cancellation come from columns of their own: they stand here whatever the moments hold.
    """
    moments: list[Moment] = json.loads(customer.moments) if customer.moments else []
    counted = {(date.fromisoformat(moment["d"]), moment["k"]): moment["n"] for moment in moments}
    if customer.cancelled_on:
        counted.setdefault((customer.cancelled_on, MomentKind.CANCEL.value), 1)
    if customer.registered_on:
        counted[customer.registered_on, _REGISTERED] = 1
    newest_first = sorted(counted, key=lambda each: (each[0], each[1] != _REGISTERED), reverse=True)
    entries = tuple(Entry(day, kind, NAMES.get(kind, kind), counted[day, kind]) for day, kind in newest_first)
    return Timeline(entries, cut=len(moments) >= MOST_MOMENTS)
