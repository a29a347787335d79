"""Features of listening: songs, days, regularity, variety, and when in the day and week."""

from spark_assets.transforms.pages import PARTS_OF_DAY
from spark_assets.transforms.registry.feature import Feature, counted
from spark_assets.transforms.registry.formulas import Distinct, Ratio, Repeated, Since, Spread, Total, Trend

_MICROS_PER_HOUR = 3.6e9
_TREND = "-1 to 1"

AMOUNT = (
    Feature("days_listened", "Days with at least one song", "days", Total("days_listened")),
    Feature("songs_per_day", "Songs per day listened", "songs a day", Ratio("songs", ("days_listened",))),
    *counted("songs", "Songs", "songs"),
    *counted("days_listened", "Days with at least one song", "days"),
    Feature(
        "songs_per_day_30d",
        "Songs per day listened in the last 30 days",
        "songs a day",
        Ratio("songs", ("days_listened",), 30),
    ),
    Feature(
        "hours_listened_7d",
        "Hours listened in the last 7 days",
        "hours",
        Total("listening_micros", 7, _MICROS_PER_HOUR),
    ),
    Feature(
        "hours_listened_30d",
        "Hours listened in the last 30 days",
        "hours",
        Total("listening_micros", 30, _MICROS_PER_HOUR),
    ),
)

COURSE = (
    Feature("songs_trend_7d", "Songs of the last 7 days against the 7 before", _TREND, Trend("songs", 7)),
    Feature("songs_trend_14d", "Songs of the last 14 days against the 14 before", _TREND, Trend("songs", 14)),
    Feature(
        "days_listened_trend_14d",
        "Days listened of the last 14 days against the 14 before",
        _TREND,
        Trend("days_listened", 14),
    ),
    Feature("days_since_last_song", "Days since the last song", "days", Since("songs")),
    Feature(
        "songs_per_day_spread_30d",
        "How unequal the days listened are: standard deviation of a day's songs against their mean",
        "share",
        Spread("songs", "songs_squared", 30),
    ),
)

VARIETY = (
    Feature("distinct_artists_7d", "Different artists in the last 7 days", "artists", Distinct("artist_bits", 7)),
    Feature("distinct_artists_30d", "Different artists in the last 30 days", "artists", Distinct("artist_bits", 30)),
    Feature("distinct_songs_30d", "Different songs in the last 30 days", "songs", Distinct("song_bits", 30)),
    Feature(
        "repeated_songs_share_30d",
        "Songs heard before within the last 30 days",
        "share of songs",
        Repeated("songs", "song_bits", 30),
    ),
    Feature(
        "repeated_artists_share_30d",
        "Songs by an artist heard before within the last 30 days",
        "share of songs",
        Repeated("songs", "artist_bits", 30),
    ),
)

RHYTHM = (
    *(
        Feature(
            f"{part}_share_30d",
            f"Songs heard at {part} (UTC) in the last 30 days"
            if part == "night"
            else f"Songs heard in the {part} (UTC) in the last 30 days",
            "share of songs",
            Ratio(f"songs_{part}", ("songs",), 30),
        )
        for part in PARTS_OF_DAY
    ),
    Feature(
        "weekend_share_30d",
        "Songs heard on Saturday and Sunday (UTC) in the last 30 days",
        "share of songs",
        Ratio("weekend_songs", ("songs",), 30),
    ),
)

LISTENING = (*AMOUNT, *COURSE, *VARIETY, *RHYTHM)
