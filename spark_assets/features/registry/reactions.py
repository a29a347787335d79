"""Features of what a customer likes and shares: thumbs, playlists, friends."""

from spark_assets.contracts.explanations import Topic
from spark_assets.features.registry.feature import Feature, counted, trend
from spark_assets.features.registry.formulas import LIFE, Ratio, Since, Total, Window
from spark_assets.features.registry.wording import Amount, Share, last

_THUMBS = ("thumbs_up", "thumbs_down")


def _per_song(source: str, meaning: str, unit: str, topic: Topic, things: str, window: Window = LIFE) -> Feature:
    """A count per song, said per 100 songs."""
    return Feature(
        f"{source}_per_song" + (f"_{window}d" if isinstance(window, int) else ""),
        f"{meaning} per song{last(window)}",
        unit,
        Ratio(source, ("songs",), window),
        topic,
        Amount(f"{{n}} {things} per 100 songs{last(window)}", scale=100),
    )


def _thumbs_per_song(source: str, meaning: str, things: str, window: Window = LIFE) -> Feature:
    return _per_song(source, meaning, "thumbs a song", Topic.THUMBS, things, window)


THUMBS = (
    *counted("thumbs_up", "Thumbs up", "thumbs", Topic.THUMBS, "{n} thumb{s} up", (7, 30)),
    *counted("thumbs_down", "Thumbs down", "thumbs", Topic.THUMBS, "{n} thumb{s} down", (7, 30)),
    Feature(
        "thumbs_down_share",
        "Thumbs down among all thumbs",
        "share",
        Ratio("thumbs_down", _THUMBS),
        Topic.THUMBS,
        Share("{n} of all thumbs are down"),
    ),
    Feature(
        "thumbs_down_share_30d",
        "Thumbs down among all thumbs of the last 30 days",
        "share",
        Ratio("thumbs_down", _THUMBS, 30),
        Topic.THUMBS,
        Share("{n} of all thumbs are down in the last 30 days"),
    ),
    _thumbs_per_song("thumbs_down", "Thumbs down", "thumb{s} down"),
    _thumbs_per_song("thumbs_down", "Thumbs down", "thumb{s} down", 30),
    _thumbs_per_song("thumbs_up", "Thumbs up", "thumb{s} up"),
    _thumbs_per_song("thumbs_up", "Thumbs up", "thumb{s} up", 30),
    trend("thumbs_down", "Thumbs down", 14, Topic.THUMBS, "thumbs down"),
    Feature(
        "days_since_thumbs_down",
        "Days since the last thumbs down, or since first seen without one",
        "days",
        Since("thumbs_down"),
        Topic.THUMBS,
        Amount("no thumbs down for {n} day{s}", "longer", "shorter", zero="a thumbs down {n} days ago"),
    ),
)

COLLECTING = (
    *counted(
        "playlist_adds",
        "Playlist additions",
        "additions",
        Topic.SOCIAL,
        "{n} addition{s} to playlists",
        (30,),
    ),
    _per_song("playlist_adds", "Playlist additions", "additions a song", Topic.SOCIAL, "addition{s} to playlists"),
    Feature(
        "days_since_playlist_add",
        "Days since the last playlist addition, or since first seen without one",
        "days",
        Since("playlist_adds"),
        Topic.SOCIAL,
        Amount(
            "nothing added to playlists for {n} day{s}",
            "longer",
            "shorter",
            zero="an addition to playlists {n} days ago",
        ),
    ),
    Feature(
        "friends_added",
        "Friends added",
        "friends",
        Total("friends_added"),
        Topic.SOCIAL,
        Amount("{n} friend{s} added since the logs begin"),
    ),
    *counted("friends_added", "Friends added", "friends", Topic.SOCIAL, "{n} friend{s} added", (30,)),
)

REACTIONS = (*THUMBS, *COLLECTING)
