"""Features of visits: when last seen, sessions, their lengths and the gaps between."""

from spark_assets.contracts.explanations import Topic
from spark_assets.features.registry.feature import Feature, counted, trend
from spark_assets.features.registry.formulas import (
    FIRST_ACTION,
    LAST_ACTION,
    LIFE,
    Fact,
    Greatest,
    Need,
    Ratio,
    Since,
    Window,
)
from spark_assets.features.registry.wording import Amount, last

_MICROS_PER_MINUTE = 6e7
_GAP_NEEDS = (FIRST_ACTION, LAST_ACTION, Need("days_active", LIFE))


def _session_minutes(name: str, window: Window = LIFE) -> Feature:
    return Feature(
        name,
        f"Length of a session{last(window)}",
        "minutes",
        Ratio("session_micros", ("sessions",), window, _MICROS_PER_MINUTE),
        Topic.LENGTH,
        Amount(f"{{n}} minute{{s}} a session{last(window)}", "longer", "shorter"),
    )


LENGTHS = (
    Feature(
        "songs_per_session",
        "Songs per session",
        "songs a session",
        Ratio("songs", ("sessions",)),
        Topic.LENGTH,
        Amount("{n} song{s} a session"),
    ),
    Feature(
        "songs_per_session_30d",
        "Songs per session in the last 30 days",
        "songs a session",
        Ratio("songs", ("sessions",), 30),
        Topic.LENGTH,
        Amount("{n} song{s} a session in the last 30 days"),
    ),
    _session_minutes("session_minutes"),
    _session_minutes("session_minutes_7d", 7),
    _session_minutes("session_minutes_30d", 30),
    Feature(
        "longest_session_minutes_30d",
        "Longest session in the last 30 days",
        "minutes",
        Greatest("longest_session_micros", 30, _MICROS_PER_MINUTE),
        Topic.LENGTH,
        Amount("longest session of {n} minute{s} in the last 30 days", "longer", "shorter"),
    ),
)

GAPS = (
    Feature(
        "days_since_last_seen",
        "Days since the last event",
        "days",
        Since("actions"),
        Topic.SILENCE,
        Amount("{n} day{s} since last seen", "longer", "shorter"),
    ),
    Feature(
        "gap_days",
        "Days from one active day to the next",
        "days",
        Fact("gap_days", needs=_GAP_NEEDS),
        Topic.SILENCE,
        Amount("{n} day{s} from one active day to the next", "longer", "shorter"),
    ),
    Feature(
        "silence_against_gap",
        "Days since the last event against the usual gap between active days",
        "times",
        Fact("silence_against_gap", needs=_GAP_NEEDS),
        Topic.SILENCE,
        Amount("last seen {n} time{s} this customer's own usual gap ago", "longer", "shorter"),
    ),
    Feature(
        "sessions_per_active_day_30d",
        "Sessions per active day in the last 30 days",
        "sessions a day",
        Ratio("sessions", ("days_active",), 30),
        Topic.VISITS,
        Amount("{n} session{s} per active day in the last 30 days"),
    ),
    Feature(
        "events_per_day",
        "Events per active day",
        "events a day",
        Ratio("actions", ("days_active",)),
        Topic.VISITS,
        Amount("{n} event{s} per active day"),
        for_model=False,  # the baseline that a model must beat
    ),
)

SESSIONS = (
    *counted(
        "sessions", "Sessions (one over midnight counts on both days)", "sessions", Topic.VISITS, "{n} session{s}"
    ),
    trend("sessions", "Sessions", 7, Topic.COURSE, "sessions"),
    trend("sessions", "Sessions", 14, Topic.COURSE, "sessions"),
    *LENGTHS,
    *GAPS,
)
