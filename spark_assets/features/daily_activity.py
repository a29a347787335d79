"""Which page counts as what in `daily_activity`."""

from collections.abc import Iterable
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.errors import require_columns
from spark_assets.features.linear_counting import bucket, word_names, word_of
from spark_assets.lake.schema import CANCELLATION, EVENT_AT, EVENT_DATE, MAX_SONG_SECONDS, NEXT_SONG, USER_ID

PAGE_COUNTS = {
    "songs": NEXT_SONG,
    "thumbs_up": "Thumbs Up",
    "thumbs_down": "Thumbs Down",
    "playlist_adds": "Add to Playlist",
    "friends_added": "Add Friend",
    "adverts": "Roll Advert",
    "errors": "Error",
    "help_visits": "Help",
    "about_visits": "About",
    "settings_visits": "Settings",
    "settings_saves": "Save Settings",
    "home_visits": "Home",
    "logouts": "Logout",
    "upgrade_visits": "Upgrade",
    "downgrade_visits": "Downgrade",
    "upgrades": "Submit Upgrade",
    "downgrades": "Submit Downgrade",
}
"""Sums per day by page: column name and the page it counts."""

OTHER_PAGES = "other_pages"
"""Events on any page that neither `PAGE_COUNTS` nor `LEAVING_PAGES` names, such as Login."""

LEAVING_PAGES = ("Cancel", CANCELLATION)
"""Pages of a cancellation. Kept apart from the first step on: nothing computed from them may reach a feature."""

PARTS_OF_DAY = ("night", "morning", "afternoon", "evening")
"""Quarters of the UTC day: from 0, 6, 12 and 18 o'clock on."""

MOBILE_DEVICES = ("iPhone", "iPad", "Android")


PROFILE_COLUMNS = ("level", "gender", "first_name", "last_name", "location", "registered_at", "device")
"""What the last event of a day says of the customer."""

PART_COUNTS = tuple(f"songs_{part}" for part in PARTS_OF_DAY)
COUNTS = ("events", *PAGE_COUNTS, OTHER_PAGES, *PART_COUNTS, "listening_micros")
"""Sums that every step adds up, all whole numbers: no order of adding can change them, as it would change floats."""

ARTISTS, SONGS = "artist_bits", "song_bits"
DISTINCT = {ARTISTS: ("artist",), SONGS: ("artist", "song")}
"""Sets of linear counting (`distinct.py`), and the columns whose values they hold."""

_EVENT_COLUMNS = (
    USER_ID,
    EVENT_AT,
    EVENT_DATE,
    "page",
    "session_id",
    "item_in_session",
    "length",
    "artist",
    "song",
    *PROFILE_COLUMNS,
)
_WORDS = tuple(name for prefix in DISTINCT for name in word_names(prefix))
_DAY = (USER_ID, EVENT_DATE)
_SESSION = (*_DAY, "session_id")
_LEAVING = "leaving_page"
_LAST = "last"


def daily_activity(events: DataFrame) -> DataFrame:
    """Sums per customer and UTC day: the same events give the same rows to the bit, in any order and any split.

    Args:
        events: `cleaned_events`, a row per event.

    Returns:
        A row per (`user_id`, `event_date`): `events` and the counts by page they consist of (`PAGE_COUNTS`,
        `other_pages`, `leaving_pages`), songs by part of the UTC day, `listening_micros` (length of the songs),
        `sessions` (distinct session ids that day), `session_micros` and `longest_session_micros` (from first to last
        event of a session that day), `mobile_events`, sets of artists and songs, first and last event, time of the
        last cancellation that day (null without one), and the profile as of the last event. Times ending in `_micros`
        are in microseconds. Two events at one `event_at` are put in order by `item_in_session`.

        Pages of a cancellation count in `events`, `leaving_pages`, `cancelled_at`, first and last event alone.
    """
    require_columns(events, _EVENT_COLUMNS)
    pieces = events.select(*_event_columns()).groupBy(*_SESSION, *PROFILE_COLUMNS, _LEAVING).agg(*_sum_events())
    sessions = pieces.repartition(*_DAY).groupBy(*_SESSION).agg(*_sum_pieces())
    return sessions.groupBy(*_DAY).agg(*_sum_sessions()).select(*_day_columns())


def _event_columns() -> list[Column]:
    """What the pass over the events reads: codes and buckets computed once, not once for each sum."""
    is_song = F.col("page") == NEXT_SONG
    second_of_day = F.pmod(F.unix_seconds(EVENT_AT), F.lit(86_400))
    return [
        *(F.col(name) for name in (*_SESSION, *PROFILE_COLUMNS, EVENT_AT)),
        F.when(F.col("page").isin(*LEAVING_PAGES), F.col("page")).alias(_LEAVING),
        _page_code().alias("page_code"),
        F.when(is_song, (second_of_day / 21_600).cast("int")).alias("part_of_day"),
        F.when(is_song & _is_believable("length"), F.round(F.col("length") * 1e6).cast("long")).alias("length_micros"),
        _order().alias("order"),
        *(_bucket_of_song(columns).alias(prefix) for prefix, columns in DISTINCT.items()),
    ]


def _is_believable(length: str) -> Column:
    """Whether ingest would keep such a length today: lakes of earlier versions hold others, and NaN."""
    return F.col(length).between(0, MAX_SONG_SECONDS)


def _page_code() -> Column:
    """Place of the page in `PAGE_COUNTS`: one text comparison for most events, where counts by text would take 17."""
    pages = list(enumerate(PAGE_COUNTS.values()))
    return reduce(lambda code, page: code.when(F.col("page") == page[1], page[0]), pages[1:], _first_code(*pages[0]))


def _first_code(code: int, page: str) -> Column:
    return F.when(F.col("page") == page, code)


def _order() -> Column:
    """Time within the day and `item_in_session` in one long (37 and 24 bits): the last event has the greatest."""
    micros_of_day = F.pmod(F.unix_micros(EVENT_AT), F.lit(86_400_000_000))
    known = F.least(F.greatest(F.coalesce("item_in_session", F.lit(-1)), F.lit(-1)), F.lit(2**24 - 2))
    item = known + 1
    return micros_of_day * 2**24 + item


def _bucket_of_song(columns: Iterable[str]) -> Column:
    known = reduce(Column.__and__, (F.col(name).isNotNull() for name in columns), F.col("page") == NEXT_SONG)
    return F.when(known, bucket(*columns))


def _sum_events() -> list[Column]:
    """Sums of one session with one profile, the pages of a cancellation apart."""
    pages = [_count(F.col("page_code") == code).alias(name) for code, name in enumerate(PAGE_COUNTS)]
    parts = [_count(F.col("part_of_day") == part).alias(name) for part, name in enumerate(PART_COUNTS)]
    words = [
        F.bit_or(word_of(prefix, word)).alias(name)
        for prefix in DISTINCT
        for word, name in enumerate(word_names(prefix))
    ]
    return [
        F.count("*").alias("events"),
        *pages,
        _count(F.col("page_code").isNull() & F.col(_LEAVING).isNull()).alias(OTHER_PAGES),
        *parts,
        F.coalesce(F.sum("length_micros"), F.lit(0)).alias("listening_micros"),
        *words,
        F.min(EVENT_AT).alias("first_event_at"),
        F.max(EVENT_AT).alias("last_event_at"),
        F.max("order").alias("order"),
    ]


def _count(condition: Column) -> Column:
    return F.count(F.when(condition, F.lit(1)))


def _sum_pieces() -> list[Column]:
    """Sums of one session: the profile is that of its last event, and how long it took leaves cancellations out."""
    stays = F.col(_LEAVING).isNull()
    first, last = (F.when(stays, F.col(name)) for name in ("first_event_at", "last_event_at"))
    profile = F.struct(stays, "order", "session_id", *PROFILE_COLUMNS)
    return [
        *_add_up(),
        F.sum(F.when(stays, F.lit(0)).otherwise(F.col("events"))).alias("leaving_pages"),
        F.sum(F.when(stays & _is_mobile(), F.col("events")).otherwise(0)).alias("mobile_events"),
        (F.unix_micros(F.max(last)) - F.unix_micros(F.min(first))).alias("session_micros"),
        F.max(F.when(F.col(_LEAVING) == CANCELLATION, F.col("last_event_at"))).alias("cancelled_at"),
        F.max(profile).alias(_LAST),
    ]


def _is_mobile() -> Column:
    return F.col("device").isin(*MOBILE_DEVICES)


def _sum_sessions() -> list[Column]:
    """Sums of one day. Events without a session id belong to no session, and one of leaving alone is none."""
    in_session = F.col("session_id").isNotNull() & F.col("session_micros").isNotNull()
    micros = F.when(in_session, F.col("session_micros")).otherwise(0)
    return [
        *_add_up(),
        F.sum("leaving_pages").alias("leaving_pages"),
        F.sum("mobile_events").alias("mobile_events"),
        _count(in_session).alias("sessions"),
        F.sum(micros).alias("session_micros"),
        F.max(micros).alias("longest_session_micros"),
        F.max("cancelled_at").alias("cancelled_at"),
        F.max(_LAST).alias(_LAST),
    ]


def _add_up() -> list[Column]:
    return [
        *(F.sum(name).alias(name) for name in COUNTS),
        *(F.bit_or(name).alias(name) for name in _WORDS),
        F.min("first_event_at").alias("first_event_at"),
        F.max("last_event_at").alias("last_event_at"),
    ]


def _day_columns() -> list[Column | str]:
    return [
        *_DAY,
        *COUNTS,
        "leaving_pages",
        "mobile_events",
        "sessions",
        "session_micros",
        "longest_session_micros",
        *(F.array(*word_names(prefix)).alias(prefix) for prefix in DISTINCT),
        "first_event_at",
        "last_event_at",
        "cancelled_at",
        *(F.col(f"{_LAST}.{name}").alias(name) for name in PROFILE_COLUMNS),
    ]
