"""Features of what a customer likes and shares: thumbs, playlists, friends."""

from spark_assets.transforms.registry.feature import Feature, counted
from spark_assets.transforms.registry.formulas import Ratio, Since, Total, Trend

_THUMBS = ("thumbs_up", "thumbs_down")
_A_SONG = "thumbs a song"

THUMBS = (
    *counted("thumbs_up", "Thumbs up", "thumbs", (7, 30)),
    *counted("thumbs_down", "Thumbs down", "thumbs", (7, 30)),
    Feature("thumbs_down_share", "Thumbs down among all thumbs", "share", Ratio("thumbs_down", _THUMBS)),
    Feature(
        "thumbs_down_share_30d",
        "Thumbs down among all thumbs of the last 30 days",
        "share",
        Ratio("thumbs_down", _THUMBS, 30),
    ),
    Feature("thumbs_down_per_song", "Thumbs down per song", _A_SONG, Ratio("thumbs_down", ("songs",))),
    Feature(
        "thumbs_down_per_song_30d",
        "Thumbs down per song in the last 30 days",
        _A_SONG,
        Ratio("thumbs_down", ("songs",), 30),
    ),
    Feature("thumbs_up_per_song", "Thumbs up per song", _A_SONG, Ratio("thumbs_up", ("songs",))),
    Feature(
        "thumbs_up_per_song_30d", "Thumbs up per song in the last 30 days", _A_SONG, Ratio("thumbs_up", ("songs",), 30)
    ),
    Feature(
        "thumbs_down_trend_14d",
        "Thumbs down of the last 14 days against the 14 before",
        "-1 to 1",
        Trend("thumbs_down", 14),
    ),
    Feature(
        "days_since_thumbs_down",
        "Days since the last thumbs down, or since first seen without one",
        "days",
        Since("thumbs_down"),
    ),
)

COLLECTING = (
    *counted("playlist_adds", "Playlist additions", "additions", (30,)),
    Feature(
        "playlist_adds_per_song", "Playlist additions per song", "additions a song", Ratio("playlist_adds", ("songs",))
    ),
    Feature(
        "days_since_playlist_add",
        "Days since the last playlist addition, or since first seen without one",
        "days",
        Since("playlist_adds"),
    ),
    Feature("friends_added", "Friends added", "friends", Total("friends_added")),
    *counted("friends_added", "Friends added", "friends", (30,)),
)

REACTIONS = (*THUMBS, *COLLECTING)
