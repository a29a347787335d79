"""What is said of one feature, and the shorthand that families of features share."""

from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.contracts.explanations import Topic
from spark_assets.features.registry.formulas import WINDOWS, Formula, Total, Trend, sum_name, window_words
from spark_assets.features.registry.wording import Amount, Course, Wording, last
from spark_assets.lake.schema import EVENT_DATE

TREND_UNIT = "-1 to 1"


@dataclass(frozen=True)
class Feature:
    """One feature: its name, its meaning in words, its unit and how it is computed.

    `topic` is what it is explained under, together with the others of the topic; `wording` says a customer's value.
    `for_model` is False for what people read only. `facts` names the columns behind a formula over facts.
    """

    name: str
    meaning: str
    unit: str
    formula: Formula
    topic: Topic
    wording: Wording
    facts: tuple[str, ...] = ()
    for_model: bool = True

    @property
    def window(self) -> str:
        """The days it speaks of, in words."""
        return window_words(self.formula.window)

    @property
    def sources(self) -> tuple[str, ...]:
        """Columns of `daily_activity` that it comes from."""
        named = [column for need in self.formula.needs for column in sources_of(need.source)]
        return tuple(dict.fromkeys([*named, *self.facts]))


def counted(
    source: str, meaning: str, unit: str, topic: Topic, said: str, windows: tuple[int, ...] = WINDOWS
) -> tuple[Feature, ...]:
    """One count over several windows; `said` is its phrase, as `{n} advert{s}`."""
    return tuple(
        Feature(
            sum_name(source, days),
            f"{meaning} in the last {days} days",
            unit,
            Total(source, days),
            topic,
            Amount(said + last(days)),
        )
        for days in windows
    )


def trend(source: str, meaning: str, days: int, topic: Topic, things: str) -> Feature:
    """The last days of a count against the days before."""
    return Feature(
        f"{source}_trend_{days}d",
        f"{meaning} of the last {days} days against the {days} before",
        TREND_UNIT,
        Trend(source, days),
        topic,
        Course(things, days),
    )


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
