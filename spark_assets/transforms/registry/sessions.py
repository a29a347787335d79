"""Features of visits: when last seen, sessions, their lengths and the gaps between."""

from spark_assets.transforms.registry.feature import Feature, counted
from spark_assets.transforms.registry.formulas import (
    FIRST_ACTION,
    LAST_ACTION,
    LIFE,
    Fact,
    Greatest,
    Need,
    Ratio,
    Since,
    Trend,
)

_MICROS_PER_MINUTE = 6e7
_TREND = "-1 to 1"
_GAP_NEEDS = (FIRST_ACTION, LAST_ACTION, Need("days_active", LIFE))

LENGTHS = (
    Feature("songs_per_session", "Songs per session", "songs a session", Ratio("songs", ("sessions",))),
    Feature(
        "songs_per_session_30d",
        "Songs per session in the last 30 days",
        "songs a session",
        Ratio("songs", ("sessions",), 30),
    ),
    Feature(
        "session_minutes",
        "Length of a session",
        "minutes",
        Ratio("session_micros", ("sessions",), per=_MICROS_PER_MINUTE),
    ),
    Feature(
        "session_minutes_7d",
        "Length of a session in the last 7 days",
        "minutes",
        Ratio("session_micros", ("sessions",), 7, _MICROS_PER_MINUTE),
    ),
    Feature(
        "session_minutes_30d",
        "Length of a session in the last 30 days",
        "minutes",
        Ratio("session_micros", ("sessions",), 30, _MICROS_PER_MINUTE),
    ),
    Feature(
        "longest_session_minutes_30d",
        "Longest session in the last 30 days",
        "minutes",
        Greatest("longest_session_micros", 30, _MICROS_PER_MINUTE),
    ),
)

GAPS = (
    Feature("days_since_last_seen", "Days since the last event", "days", Since("actions")),
    Feature("gap_days", "Days from one active day to the next", "days", Fact("gap_days", needs=_GAP_NEEDS)),
    Feature(
        "silence_against_gap",
        "Days since the last event against the usual gap between active days",
        "times",
        Fact("silence_against_gap", needs=_GAP_NEEDS),
    ),
    Feature(
        "sessions_per_active_day_30d",
        "Sessions per active day in the last 30 days",
        "sessions a day",
        Ratio("sessions", ("days_active",), 30),
    ),
    Feature(
        "events_per_day",
        "Events per active day",
        "events a day",
        Ratio("actions", ("days_active",)),
        for_model=False,  # the baseline that a model must beat
    ),
)

SESSIONS = (
    *counted("sessions", "Sessions (one over midnight counts on both days)", "sessions"),
    Feature("sessions_trend_7d", "Sessions of the last 7 days against the 7 before", _TREND, Trend("sessions", 7)),
    Feature("sessions_trend_14d", "Sessions of the last 14 days against the 14 before", _TREND, Trend("sessions", 14)),
    *LENGTHS,
    *GAPS,
)
