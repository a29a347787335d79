"""Rules that make a parsed line an event, one table for all lines, and the device family of a user agent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_assets.lake.schema import EVENT_SCHEMA, LOG_FIELDS, LOGGED_OUT_AUTHS, LogField

EARLIEST = datetime(2005, 1, 1, tzinfo=UTC)
"""No music streaming service kept logs before; an earlier date is a clock gone wrong."""

_SPACE, _TILDE = 0x20, 0x7E
_CONTROLS = r"[\x00-\x1F]"
_NUL = r"\x00"
_TITLES = ("artist", "song")
"""Texts that go no further than the events. The service's own hold U+0019 where an apostrophe was."""
_UNPRINTABLE = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]"
"""Control and format characters, line and paragraph separators: none of them can be seen, or typed into a search."""


@dataclass(frozen=True)
class TimeBounds:
    """Milliseconds since 1970 between which a date is believable: `earliest` inclusive, `latest` exclusive."""

    earliest: int
    latest: int

    @classmethod
    def up_to(cls, now: datetime) -> "TimeBounds":
        """Bounds for logs read at `now`, with two days' grace for clocks and time zones."""
        return cls(_milliseconds(EARLIEST), _milliseconds(now + timedelta(days=2)))


def trim_numbers(rows: pa.Table) -> pa.Table:
    """Return rows of `RAW_SCHEMA` with the customer numbers without outer blanks."""
    numbers = rows["userId"]
    if _is_plain(numbers):
        return rows
    return rows.set_column(rows.schema.get_field_index("userId"), "userId", pc.utf8_trim_whitespace(numbers))


def reasons(rows: pa.Table, bounds: TimeBounds) -> pa.Array:
    """For each row of `RAW_SCHEMA` the reason why it is no event, or null. The first rule that objects is named."""
    rules = [
        ("missing ts", pc.is_null(rows["ts"])),
        ("missing page", _is_blank(rows["page"])),
        ("ts out of range", _is_no_date(rows["ts"], bounds)),
        ("registration out of range", _is_no_date(rows["registration"], bounds)),
        *((f"wrong type: {field.key}", _is_not_whole(rows[field.key])) for field in LOG_FIELDS if _counts(field)),
        *((f"{field.key} out of range", _is_beyond(rows[field.key], field)) for field in LOG_FIELDS if field.max_value),
        *_text_rules(rows),
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


def _is_no_date(column: pa.ChunkedArray, bounds: TimeBounds) -> pa.Array:
    return pc.or_(pc.less(column, float(bounds.earliest)), pc.greater_equal(column, float(bounds.latest)))


def _counts(field: LogField) -> bool:
    return bool(field.type == pa.int64())


def _is_not_whole(column: pa.ChunkedArray) -> pa.Array:
    return pc.not_equal(column, pc.floor(column))


def _is_beyond(column: pa.ChunkedArray, field: LogField) -> pa.Array:
    return pc.or_(pc.less(column, 0.0), pc.greater(column, float(field.max_value or 0)))


def _text_rules(rows: pa.Table) -> Iterator[tuple[str, pa.Array]]:
    """Rules of texts that somebody may break: bounds of all bytes of a column, cheap to find, rule most of them out."""
    for field in LOG_FIELDS:
        if field.max_length is None:
            continue
        column = rows[field.key]
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > field.max_length:
            yield f"text too long: {field.key}", pc.greater(pc.utf8_length(column), field.max_length)
        least, refused = (1, _NUL) if field.key in _TITLES else (_SPACE, _CONTROLS)
        if field.key == "userId" and not _is_plain(column):
            yield f"control character: {field.key}", pc.match_substring_regex(column, _UNPRINTABLE)
        elif _byte_range(column)[0] < least:
            yield f"control character: {field.key}", pc.match_substring_regex(column, refused)


def _is_plain(column: pa.ChunkedArray) -> bool:
    """Whether a column of texts holds printable ASCII without blanks alone."""
    least, greatest = _byte_range(column)
    return least > _SPACE and greatest <= _TILDE


def _byte_range(column: pa.ChunkedArray) -> tuple[int, int]:
    """Least and greatest byte among the texts of a column; those of plain text where there is none."""
    found = [(_TILDE, _SPACE + 1)]
    for chunk in column.chunks:
        _, offsets, texts = chunk.buffers()
        if texts is None or not len(chunk):
            continue
        ends = np.frombuffer(offsets, dtype=np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
        letters = np.frombuffer(texts, dtype=np.uint8)[ends[0] : ends[-1]]
        if len(letters):
            found.append((int(letters.min()), int(letters.max())))
    return min(least for least, _ in found), max(greatest for _, greatest in found)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


_FAMILIES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
"""A word in the user agent and its family; the first that fits counts, as an iPad also says `Mac OS X`."""

OTHER = "Other"


def device_family(user_agent: str | None) -> str | None:
    """Family of one user agent; `Other` for an unknown one, None for none."""
    if not user_agent:
        return None
    return next((family for word, family in _FAMILIES if word in user_agent), OTHER)


def device_families(user_agents: pa.ChunkedArray) -> pa.ChunkedArray:
    """Families of a column of user agents. Few are distinct, so each is looked at once a chunk."""
    return pa.chunked_array([_families(chunk) for chunk in user_agents.chunks], type=pa.string())


def _families(chunk: pa.Array) -> pa.Array:
    encoded = pc.dictionary_encode(chunk)
    families = pa.array([device_family(value) for value in encoded.dictionary.to_pylist()], type=pa.string())
    return pc.take(families, encoded.indices)
