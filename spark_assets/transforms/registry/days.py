"""Values of one day that features add up beside the columns of `daily_activity`, each with what it is made of."""

from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.columns import EVENT_DATE

_SATURDAY, _SUNDAY = 7, 1


@dataclass(frozen=True)
class DayValue:
    """A value of one day: the columns it is made of, and the SQL of it."""

    sources: tuple[str, ...]
    sql: str


def _last(*counts: str) -> DayValue:
    """The day itself where any of the counts is above 0, else null: its greatest is the last such day."""
    return DayValue(counts, f"CASE WHEN {' + '.join(counts)} > 0 THEN {EVENT_DATE} END")


_ACTIVE_DAY = DayValue(
    ("events", "leaving_pages", EVENT_DATE), f"CASE WHEN events > leaving_pages THEN {EVENT_DATE} END"
)

DAY_VALUES = {
    "actions": DayValue(("events", "leaving_pages"), "events - leaving_pages"),
    "days_active": DayValue(("events", "leaving_pages"), "CAST(events > leaving_pages AS INT)"),
    "days_listened": DayValue(("songs",), "CAST(songs > 0 AS INT)"),
    "days_paid": DayValue(
        ("level", "events", "leaving_pages"), "CAST(level <=> 'paid' AND events > leaving_pages AS INT)"
    ),
    "songs_squared": DayValue(("songs",), "songs * songs"),
    "weekend_songs": DayValue(
        ("songs", EVENT_DATE), f"CASE WHEN dayofweek({EVENT_DATE}) IN ({_SUNDAY}, {_SATURDAY}) THEN songs ELSE 0 END"
    ),
    "first_actions": _ACTIVE_DAY,
    "last_actions": _ACTIVE_DAY,
    "last_songs": _last("songs"),
    "last_thumbs_down": _last("thumbs_down"),
    "last_errors": _last("errors"),
    "last_help_visits": _last("help_visits"),
    "last_playlist_adds": _last("playlist_adds"),
    "last_level_changes": _last("upgrades", "downgrades"),
}
"""By name. Pages of a cancellation are in none of them."""


def day_value(name: str) -> Column:
    """The value of one day: one of `DAY_VALUES`, or the column of `daily_activity` as it is."""
    return F.expr(DAY_VALUES[name].sql).alias(name) if name in DAY_VALUES else F.col(name)


def sources_of(name: str) -> tuple[str, ...]:
    """Columns of `daily_activity` behind a value of one day."""
    return DAY_VALUES[name].sources if name in DAY_VALUES else (name,)
