"""Events and daily sums written inline."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from spark_assets.features.daily_activity import COUNTS
from spark_assets.features.linear_counting import WORDS

Row = dict[str, Any]

EVENTS = (
    "user_id string, event_at timestamp, event_date date, page string, session_id bigint, item_in_session bigint, "
    "length double, artist string, song string, level string, gender string, first_name string, last_name string, "
    "location string, registered_at timestamp, device string"
)
COUNTED = (*COUNTS, "leaving_pages", "mobile_events", "sessions", "session_micros", "longest_session_micros")
DAILY = (
    "user_id string, event_date date, "
    + ", ".join(f"{name} bigint" for name in COUNTED)
    + ", artist_bits array, song_bits array, first_event_at timestamp, last_event_at timestamp, "
    "cancelled_at timestamp, level string, gender string, first_name string, last_name string, location string, "
    "registered_at timestamp, device string"
)
ARROW_TYPES = {
    "string": pa.string(),
    "array": pa.list_(pa.int64()),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}
REGISTERED = datetime(2018, 9, 30, 18, 20, 30, tzinfo=UTC)


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def event(event_at: datetime, page: str = "NextSong", **changes: Any) -> Row:  # noqa: ANN401 - any column
    """Return one event; the date follows from the time."""
    return {
        "user_id": "1",
        "event_at": event_at,
        "event_date": event_at.date(),
        "page": page,
        "session_id": 17,
        "item_in_session": 0,
        "length": 200.0 if page == "NextSong" else None,
        "artist": "Björk" if page == "NextSong" else None,
        "song": "Jóga" if page == "NextSong" else None,
        "level": "paid",
        "gender": "F",
        "first_name": "Zoë",
        "last_name": "Keating",
        "location": "Bozeman, MT",
        "registered_at": REGISTERED,
        "device": "Mac",
        **changes,
    }


def day(event_date: date, user_id: str = "1", **changes: Any) -> Row:  # noqa: ANN401 - any column
    """Return one row of `daily_activity`: a day without songs unless `changes` say so."""
    return {
        "user_id": user_id,
        "event_date": event_date,
        **dict.fromkeys(COUNTED, 0),
        "events": 1,
        "sessions": 1,
        "artist_bits": bits(),
        "song_bits": bits(),
        "first_event_at": at(event_date),
        "last_event_at": at(event_date),
        "cancelled_at": None,
        "level": "paid",
        "gender": "F",
        "first_name": "Zoë",
        "last_name": "Keating",
        "location": "Bozeman, MT",
        "registered_at": REGISTERED,
        "device": "Mac",
        **changes,
    }


def bits(*buckets: int) -> list[int]:
    """Return a set of linear counting that holds these bits (the last of a long would make it negative)."""
    words = [0] * WORDS
    for bucket in buckets:
        words[bucket // 64] |= 1 << (bucket % 64)
    return words


def events_frame(spark: SparkSession, rows: list[Row]) -> DataFrame:
    return frame(spark, rows, EVENTS)


def daily_frame(spark: SparkSession, rows: list[Row]) -> DataFrame:
    return frame(spark, rows, DAILY)


def before(cut_off: date, days: int) -> date:
    return cut_off - timedelta(days=days)


def frame(spark: SparkSession, rows: list[Row], columns: str) -> DataFrame:
    """Return a frame of `rows`; from Arrow, since no Python worker then takes part in the test."""
    named = [column.split() for column in columns.split(", ")]
    schema = pa.schema([(name, ARROW_TYPES[kind]) for name, kind in named])
    return spark.createDataFrame(pa.Table.from_pylist(rows, schema=schema))
