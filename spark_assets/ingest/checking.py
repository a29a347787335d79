"""The checks that make a parsed line an event: one table of rules for every line, however it was parsed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from spark_assets.columns import LOGGED_OUT_AUTHS
from spark_assets.ingest.devices import device_families
from spark_assets.ingest.schema import EVENT_SCHEMA, LOG_FIELDS, LogField

EARLIEST = datetime(2005, 1, 1, tzinfo=UTC)
"""No music streaming service kept logs before; an earlier date is a clock gone wrong."""

_LARGEST_WHOLE = float(2**53)


@dataclass(frozen=True)
class TimeBounds:
    """Milliseconds since 1970 between which a date is believable: `earliest` inclusive, `latest` exclusive."""

    earliest: int
    latest: int

    @classmethod
    def up_to(cls, now: datetime) -> "TimeBounds":
        """Bounds for logs read at `now`, with two days' grace for clocks and time zones."""
        return cls(_milliseconds(EARLIEST), _milliseconds(now + timedelta(days=2)))


def reasons(rows: pa.Table, bounds: TimeBounds) -> pa.Array:
    """For each row of `RAW_SCHEMA` the reason why it is no event, or null. The first rule that objects is named."""
    rules = [
        ("missing ts", pc.is_null(rows["ts"])),
        ("missing page", _is_blank(rows["page"])),
        ("ts out of range", _out_of_range(rows["ts"], bounds)),
        ("registration out of range", _out_of_range(rows["registration"], bounds)),
        ("negative length", pc.less(rows["length"], 0.0)),
        ("wrong type: sessionId", _not_whole(rows["sessionId"])),
        ("wrong type: itemInSession", _not_whole(rows["itemInSession"])),
        ("missing userId", pc.and_(_is_blank(rows["userId"]), pc.invert(is_logged_out(rows)))),
    ]
    found = pa.nulls(rows.num_rows, pa.string())
    for reason, objects in reversed(rules):
        if pc.any(objects).as_py():  # nearly never: looking is cheaper than writing a column anew
            found = pc.if_else(pc.fill_null(objects, False), reason, found)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def is_logged_out(rows: pa.Table) -> pa.Array:
    """Whether a row belongs to no customer: auth `Logged Out` or `Guest`."""
    return pc.is_in(rows["auth"], value_set=pa.array(LOGGED_OUT_AUTHS))


def to_events(rows: pa.Table, source: int) -> pa.Table:
    """Rows of `RAW_SCHEMA` that passed the checks as rows of `EVENT_SCHEMA`; times are cut to whole milliseconds."""
    columns = [_typed(rows[field.key], field) for field in LOG_FIELDS]
    columns.append(pa.repeat(pa.scalar(source, pa.int32()), rows.num_rows))
    return pa.table(columns, schema=EVENT_SCHEMA)


def _typed(column: pa.ChunkedArray, field: LogField) -> pa.ChunkedArray:
    if field.column == "device":
        return device_families(column)
    if pa.types.is_timestamp(field.type):
        return pc.cast(pc.floor(column), pa.int64()).cast(field.type)
    return column.cast(field.type) if column.type != field.type else column


def _is_blank(column: pa.ChunkedArray) -> pa.Array:
    empty = pc.equal(pc.binary_length(column), 0)
    return pc.fill_null(pc.or_(empty, pc.utf8_is_space(column)), True)


def _out_of_range(column: pa.ChunkedArray, bounds: TimeBounds) -> pa.Array:
    return pc.or_(pc.less(column, float(bounds.earliest)), pc.greater_equal(column, float(bounds.latest)))


def _not_whole(column: pa.ChunkedArray) -> pa.Array:
    return pc.or_(pc.not_equal(column, pc.floor(column)), pc.greater(pc.abs(column), _LARGEST_WHOLE))


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
