"""Features of listening: songs, days, regularity, variety, and when in the day and week."""

from spark_assets.contracts.explanations import Topic
from spark_assets.features.daily_activity import PARTS_OF_DAY
from spark_assets.features.registry.feature import Feature, counted, trend
from spark_assets.features.registry.formulas import Distinct, Ratio, Repeated, Since, Spread, Total
from spark_assets.features.registry.wording import Amount, Share

_MICROS_PER_HOUR = 3.6e9
_SONGS = Topic.SONGS

AMOUNT = (
    Feature(
        "days_listened",
        "Days with at least one song",
        "days",
        Total("days_listened"),
        _SONGS,
        Amount("{n} day{s} with music since the logs begin"),
    ),
    Feature(
        "songs_per_day",
        "Songs per day listened",
        "songs a day",
        Ratio("songs", ("days_listened",)),
        _SONGS,
        Amount("{n} song{s} a day with music"),
    ),
    *counted("songs", "Songs", "songs", _SONGS, "{n} song{s}"),
    *counted("days_listened", "Days with at least one song", "days", _SONGS, "{n} day{s} with music"),
    Feature(
        "songs_per_day_30d",
        "Songs per day listened in the last 30 days",
        "songs a day",
        Ratio("songs", ("days_listened",), 30),
        _SONGS,
        Amount("{n} song{s} a day with music in the last 30 days"),
    ),
    *(
        Feature(
            f"hours_listened_{days}d",
            f"Hours listened in the last {days} days",
            "hours",
            Total("listening_micros", days, _MICROS_PER_HOUR),
            _SONGS,
            Amount(f"{{n}} hour{{s}} of music in the last {days} days"),
        )
        for days in (7, 30)
    ),
)

COURSE = (
    trend("songs", "Songs", 7, Topic.COURSE, "songs"),
    trend("songs", "Songs", 14, Topic.COURSE, "songs"),
    trend("days_listened", "Days listened", 14, Topic.COURSE, "days with music"),
    Feature(
        "days_since_last_song",
        "Days since the last song",
        "days",
        Since("songs"),
        Topic.SILENCE,
        Amount("{n} day{s} since the last song", "longer", "shorter"),
    ),
    Feature(
        "songs_per_day_spread_30d",
        "How unequal the days listened are: standard deviation of a day's songs against their mean",
        "share",
        Spread("songs", "songs_squared", 30),
        Topic.RHYTHM,
        Share("songs a day vary by {n} around their average in the last 30 days"),
    ),
)

VARIETY = (
    *(
        Feature(
            f"distinct_artists_{days}d",
            f"Different artists in the last {days} days",
            "artists",
            Distinct("artist_bits", days),
            Topic.VARIETY,
            Amount(f"about {{n}} different artist{{s}} in the last {days} days"),
        )
        for days in (7, 30)
    ),
    Feature(
        "distinct_songs_30d",
        "Different songs in the last 30 days",
        "songs",
        Distinct("song_bits", 30),
        Topic.VARIETY,
        Amount("about {n} different song{s} in the last 30 days"),
    ),
    Feature(
        "repeated_songs_share_30d",
        "Songs heard before within the last 30 days",
        "share of songs",
        Repeated("songs", "song_bits", 30),
        Topic.VARIETY,
        Share("about {n} of songs heard again in the last 30 days"),
    ),
    Feature(
        "repeated_artists_share_30d",
        "Songs by an artist heard before within the last 30 days",
        "share of songs",
        Repeated("songs", "artist_bits", 30),
        Topic.VARIETY,
        Share("about {n} of songs by an artist heard before in the last 30 days"),
    ),
)


def _when(part: str) -> str:
    return "at night" if part == "night" else f"in the {part}"


RHYTHM = (
    *(
        Feature(
            f"{part}_share_30d",
            f"Songs heard {_when(part)} (UTC) in the last 30 days",
            "share of songs",
            Ratio(f"songs_{part}", ("songs",), 30),
            Topic.RHYTHM,
            Share(f"{{n}} of songs heard {_when(part)} (UTC) in the last 30 days"),
        )
        for part in PARTS_OF_DAY
    ),
    Feature(
        "weekend_share_30d",
        "Songs heard on Saturday and Sunday (UTC) in the last 30 days",
        "share of songs",
        Ratio("weekend_songs", ("songs",), 30),
        Topic.RHYTHM,
        Share("{n} of songs heard on Saturday and Sunday (UTC) in the last 30 days"),
    ),
)

LISTENING = (*AMOUNT, *COURSE, *VARIETY, *RHYTHM)
