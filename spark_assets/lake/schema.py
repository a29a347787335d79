"""Column names, pages and auth values of the logs, and the types of a log line as read and as kept."""

from dataclasses import dataclass

import pyarrow as pa

from spark_assets.contracts.limits import MAX_NUMBER_LENGTH, MAX_PLACE_LENGTH, MAX_TEXT_LENGTH, MAX_TITLE_LENGTH

NEXT_SONG = "NextSong"
CANCELLATION = "Cancellation Confirmation"

LOGGED_OUT_AUTHS = ("Logged Out", "Guest")
"""Auth values of events that belong to no customer."""

USER_ID = "user_id"
EVENT_DATE = "event_date"
EVENT_AT = "event_at"
CUT_OFF = "cut_off"
LABEL = "label"

CLEANED_EVENTS = "cleaned_events"
QUARANTINED_EVENTS = "quarantined_events"
DAILY_ACTIVITY = "daily_activity"
USER_FEATURES = "user_features"
TRAINING_EXAMPLES = "training_examples"
CHURN_SCORES = "churn_scores"
PAST_FEATURES = "past_features"
PAST_SCORES = "past_scores"


MAX_SESSION_ID = 2**53
"""Larger whole numbers are not exact as 64-bit floats."""

MAX_ITEM_IN_SESSION = 10_000_000
"""More events in one session are none of a person; `daily_activity` orders events by 24 bits of it."""

MAX_SONG_SECONDS = 86_400
"""A day: longer ones are most likely milliseconds. A sum of so many songs as fit in a day's logs cannot overflow."""


@dataclass(frozen=True)
class LogField:
    """A key of the log line, the column it becomes, and its type there.

    `max_length` bounds a text in characters, `max_value` a number, which then must not be negative; None does neither.
    """

    key: str
    column: str
    type: pa.DataType
    max_length: int | None = None
    max_value: int | None = None

    @property
    def numeric(self) -> bool:
        """Whether the key holds a number; numbers are read as 64-bit floats, as some logs write `1540919166796.0`."""
        return not pa.types.is_string(self.type)


_TIME = pa.timestamp("ms", tz="UTC")

LOG_FIELDS = (
    LogField("ts", "event_at", _TIME),
    LogField("userId", "user_id", pa.string(), max_length=MAX_NUMBER_LENGTH),
    LogField("sessionId", "session_id", pa.int64(), max_value=MAX_SESSION_ID),
    LogField("itemInSession", "item_in_session", pa.int64(), max_value=MAX_ITEM_IN_SESSION),
    LogField("page", "page", pa.string(), max_length=MAX_TEXT_LENGTH),
    LogField("auth", "auth", pa.string(), max_length=MAX_TEXT_LENGTH),
    LogField("level", "level", pa.string(), max_length=MAX_TEXT_LENGTH),
    LogField("location", "location", pa.string(), max_length=MAX_PLACE_LENGTH),
    LogField("userAgent", "device", pa.string()),
    LogField("lastName", "last_name", pa.string(), max_length=MAX_TEXT_LENGTH),
    LogField("firstName", "first_name", pa.string(), max_length=MAX_TEXT_LENGTH),
    LogField("registration", "registered_at", _TIME),
    LogField("gender", "gender", pa.string(), max_length=MAX_TEXT_LENGTH),
    LogField("artist", "artist", pa.string(), max_length=MAX_TITLE_LENGTH),
    LogField("song", "song", pa.string(), max_length=MAX_TITLE_LENGTH),
    LogField("length", "length", pa.float64(), max_value=MAX_SONG_SECONDS),
)
"""`method` and `status` are left out: the page says the same, and nothing downstream reads them. Of the user agent only
the device family stays, so that it may be as long as a line."""

RAW_SCHEMA = pa.schema([(field.key, pa.float64() if field.numeric else pa.string()) for field in LOG_FIELDS])
"""Types as read, before the checks: every number a float, every text a string."""

CONTENT_SCHEMA = pa.schema([(field.column, field.type) for field in LOG_FIELDS])
"""What makes an event: two lines that agree in all of it are the same event."""

SOURCE = "source"

EVENT_SCHEMA = CONTENT_SCHEMA.append(pa.field(SOURCE, pa.int32()))
"""Columns of `cleaned_events` within a file; `event_date` and `batch` stand in the folder names. `source` is the place
of the log file in the batch's ledger entry, from 0."""

QUARANTINE_SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("line", pa.int64()),
        ("reason", pa.string()),
        ("raw", pa.binary()),
    ]
)
"""A bad line: file relative to the inbox, line number from 1, why, and the bytes exactly as they were."""
