"""Events to sums per customer and day: the only table that features are computed from."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.columns import CANCELLATION, EVENT_AT, EVENT_DATE, NEXT_SONG, USER_ID
from spark_assets.validation import require_columns

PAGE_COUNTS = {
    "songs": NEXT_SONG,
    "thumbs_up": "Thumbs Up",
    "thumbs_down": "Thumbs Down",
    "playlist_adds": "Add to Playlist",
    "friends_added": "Add Friend",
    "adverts": "Roll Advert",
    "errors": "Error",
    "help_visits": "Help",
    "settings_visits": "Settings",
    "home_visits": "Home",
    "logouts": "Logout",
    "upgrade_visits": "Upgrade",
    "downgrade_visits": "Downgrade",
    "upgrades": "Submit Upgrade",
    "downgrades": "Submit Downgrade",
}
"""Sums per day by page: column name and the page it counts."""

PROFILE_COLUMNS = ("level", "gender", "first_name", "last_name", "location", "registered_at")
"""What the last event of a day says of the customer."""

_EVENT_COLUMNS = (
    USER_ID,
    EVENT_AT,
    EVENT_DATE,
    "page",
    "session_id",
    "item_in_session",
    "length",
    *PROFILE_COLUMNS,
)


def daily_activity(events: DataFrame) -> DataFrame:
    """Sums per customer and UTC day.

    Args:
        events: `cleaned_events`, a row per event.

    Returns:
        A row per (`user_id`, `event_date`): counts by page (`PAGE_COUNTS`), `events`, `sessions` (distinct session
        ids that day), `seconds_listened`, first and last event, time of a cancellation that day (null without one),
        and the profile as of the last event. Two events at one `event_at` are put in order by `item_in_session`.
    """
    require_columns(events, _EVENT_COLUMNS)
    return (
        events.groupBy(USER_ID, EVENT_DATE)
        .agg(
            F.count("*").alias("events"),
            F.size(F.collect_set("session_id")).alias("sessions"),
            *(_count_page(page).alias(name) for name, page in PAGE_COUNTS.items()),
            F.coalesce(F.sum(F.when(_is_page(NEXT_SONG), F.col("length"))), F.lit(0.0)).alias("seconds_listened"),
            F.min(EVENT_AT).alias("first_event_at"),
            F.max(EVENT_AT).alias("last_event_at"),
            F.min(F.when(_is_page(CANCELLATION), F.col(EVENT_AT))).alias("cancelled_at"),
            F.max(F.struct(EVENT_AT, "item_in_session", *PROFILE_COLUMNS)).alias("last"),
        )
        .select("*", *(F.col(f"last.{name}").alias(name) for name in PROFILE_COLUMNS))
        .drop("last")
    )


def _is_page(page: str) -> Column:
    return F.col("page") == F.lit(page)


def _count_page(page: str) -> Column:
    return F.count(F.when(_is_page(page), F.lit(1)))
