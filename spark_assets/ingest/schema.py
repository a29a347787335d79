"""What a log line may hold, as read (`RAW_TYPES`) and as kept (`EVENT_SCHEMA`)."""

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class LogField:
    """A key of the log line, the column it becomes, and its type there."""

    key: str
    column: str
    type: pa.DataType

    @property
    def numeric(self) -> bool:
        """Whether the key holds a number; numbers are read as 64-bit floats, as some logs write `1540919166796.0`."""
        return not pa.types.is_string(self.type)


_TIME = pa.timestamp("ms", tz="UTC")

LOG_FIELDS = (
    LogField("ts", "event_at", _TIME),
    LogField("userId", "user_id", pa.string()),
    LogField("sessionId", "session_id", pa.int64()),
    LogField("itemInSession", "item_in_session", pa.int64()),
    LogField("page", "page", pa.string()),
    LogField("auth", "auth", pa.string()),
    LogField("level", "level", pa.string()),
    LogField("location", "location", pa.string()),
    LogField("userAgent", "device", pa.string()),
    LogField("lastName", "last_name", pa.string()),
    LogField("firstName", "first_name", pa.string()),
    LogField("registration", "registered_at", _TIME),
    LogField("gender", "gender", pa.string()),
    LogField("artist", "artist", pa.string()),
    LogField("song", "song", pa.string()),
    LogField("length", "length", pa.float64()),
)
"""`method` and `status` are left out: the page says the same, and nothing downstream reads them. Of the user agent only
the device family stays."""

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
