"""Every feature in one table: what is computed, documented, given to the model and worded in the portal.

A feature is made of daily sums over a window of days before the cut-off. `sums` are computed in one pass over
`daily_activity`; `Feature.formula` combines them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 - the usual name


@dataclass(frozen=True)
class Feature:
    """One feature: name, meaning in words, unit, window, the columns it comes from, and how.

    `formula` is an expression over the windowed sums (`sum_name`). `for_model` is False for what people read only.
    """

    name: str
    meaning: str
    unit: str
    window: str
    sources: tuple[str, ...]
    formula: Callable[[], Column]
    for_model: bool = True


WINDOWS = (7, 14, 30)
"""Windows in days, each ending with the day before the cut-off; `life` is the whole history."""

LIFE = "life"

WINDOWED_SUMS = ("songs", "days_listened", "sessions", "thumbs_up", "thumbs_down", "adverts", "errors", "events")
LIFE_SUMS = (
    *WINDOWED_SUMS,
    "seconds_listened",
    "playlist_adds",
    "friends_added",
    "help_visits",
    "settings_visits",
    "logouts",
    "upgrades",
    "downgrades",
    "downgrade_visits",
)


def sum_name(source: str, window: int | str) -> str:
    """Column name of a sum over a window: `songs_7d`, or `songs_life`."""
    return f"{source}_{window}d" if isinstance(window, int) else f"{source}_{window}"


def _sum(source: str, window: int | str) -> Callable[[], Column]:
    return lambda: F.col(sum_name(source, window))


def _ratio(numerator: str, denominator: str, window: int | str = LIFE) -> Callable[[], Column]:
    """Quotient of two sums; null where the denominator is 0, so that the model's imputer decides."""
    return lambda: F.col(sum_name(numerator, window)) / F.nullif(F.col(sum_name(denominator, window)), F.lit(0))


def _trend(source: str, window: int) -> Callable[[], Column]:
    """Difference between the last `window` days and the `window` before, as a share of both, in [-1, 1]."""

    def formula() -> Column:
        both = F.col(sum_name(source, 2 * window))
        last = F.col(sum_name(source, window))
        return (2 * last - both) / F.nullif(both, F.lit(0))

    return formula


def _windowed(source: str, meaning: str, unit: str, origin: str | None = None) -> list[Feature]:
    return [
        Feature(
            sum_name(source, days),
            f"{meaning} in the last {days} days",
            unit,
            f"{days} days",
            (origin or source,),
            _sum(source, days),
        )
        for days in WINDOWS
    ]


FEATURES: tuple[Feature, ...] = (
    Feature("days_listened", "Days with at least one song", "days", LIFE, ("songs",), _sum("days_listened", LIFE)),
    Feature(
        "songs_per_day", "Songs per day listened", "songs a day", LIFE, ("songs",), _ratio("songs", "days_listened")
    ),
    Feature(
        "account_age_days",
        "Days since registration",
        "days",
        LIFE,
        ("registered_at",),
        lambda: F.col("account_age_days"),
    ),
    Feature(
        "is_female", "Gender is F", "0 or 1", "last seen", ("gender",), lambda: (F.col("gender") == "F").cast("double")
    ),
    Feature(
        "is_paid", "Level is paid", "0 or 1", "last seen", ("level",), lambda: (F.col("level") == "paid").cast("double")
    ),
    Feature(
        "days_since_last_seen",
        "Days since the last event",
        "days",
        LIFE,
        ("event_date",),
        lambda: F.col("days_since_last_seen"),
    ),
    *_windowed("songs", "Songs", "songs"),
    *_windowed("days_listened", "Days with at least one song", "days", origin="songs"),
    *_windowed("sessions", "Sessions", "sessions"),
    Feature(
        "songs_trend_7d",
        "Songs of the last 7 days against the 7 before",
        "-1 to 1",
        "14 days",
        ("songs",),
        _trend("songs", 7),
    ),
    Feature(
        "thumbs_down_share",
        "Thumbs down among all thumbs",
        "share",
        LIFE,
        ("thumbs_up", "thumbs_down"),
        lambda: F.col("thumbs_down_life") / F.nullif(F.col("thumbs_up_life") + F.col("thumbs_down_life"), F.lit(0)),
    ),
    Feature(
        "thumbs_down_per_song_30d",
        "Thumbs down per song",
        "thumbs a song",
        "30 days",
        ("thumbs_down", "songs"),
        _ratio("thumbs_down", "songs", 30),
    ),
    Feature(
        "adverts_per_song", "Adverts per song", "adverts a song", LIFE, ("adverts", "songs"), _ratio("adverts", "songs")
    ),
    Feature(
        "adverts_per_song_7d",
        "Adverts per song in the last 7 days",
        "adverts a song",
        "7 days",
        ("adverts", "songs"),
        _ratio("adverts", "songs", 7),
    ),
    Feature("adverts_7d", "Adverts in the last 7 days", "adverts", "7 days", ("adverts",), _sum("adverts", 7)),
    Feature(
        "errors_per_session",
        "Errors per session",
        "errors a session",
        LIFE,
        ("errors", "sessions"),
        _ratio("errors", "sessions"),
    ),
    Feature(
        "songs_per_session",
        "Songs per session",
        "songs a session",
        LIFE,
        ("songs", "sessions"),
        _ratio("songs", "sessions"),
    ),
    Feature(
        "thumbs_up_per_song",
        "Thumbs up per song",
        "thumbs a song",
        LIFE,
        ("thumbs_up", "songs"),
        _ratio("thumbs_up", "songs"),
    ),
    Feature(
        "playlist_adds_per_song",
        "Playlist additions per song",
        "additions a song",
        LIFE,
        ("playlist_adds", "songs"),
        _ratio("playlist_adds", "songs"),
    ),
    Feature("friends_added", "Friends added", "friends", LIFE, ("friends_added",), _sum("friends_added", LIFE)),
    Feature(
        "help_per_session",
        "Visits to Help per session",
        "visits a session",
        LIFE,
        ("help_visits", "sessions"),
        _ratio("help_visits", "sessions"),
    ),
    Feature(
        "settings_per_session",
        "Visits to Settings per session",
        "visits a session",
        LIFE,
        ("settings_visits", "sessions"),
        _ratio("settings_visits", "sessions"),
    ),
    Feature("upgrades", "Upgrades to paid", "upgrades", LIFE, ("upgrades",), _sum("upgrades", LIFE)),
    Feature("downgrades", "Downgrades to free", "downgrades", LIFE, ("downgrades",), _sum("downgrades", LIFE)),
    Feature(
        "downgrade_visits", "Visits to Downgrade", "visits", LIFE, ("downgrade_visits",), _sum("downgrade_visits", LIFE)
    ),
)

MODEL_FEATURES = tuple(feature.name for feature in FEATURES if feature.for_model)
