"""From bytes to Arrow columns: whole blocks at once where the lines are regular, line by line where they are not.

Both ways meet in one table of `RAW_SCHEMA`, so that one set of checks (`checking`) judges every line.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pa_json

from spark_assets.ingest.schema import LOG_FIELDS, RAW_SCHEMA, LogField

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z")
_ODD_LITERALS = (b"\x00", b"\\u0000", b"-NaN")
_SHORT_INFINITY = re.compile(rb"Inf\s*[,}\]]")
"""What Arrow's reader takes otherwise than the parser of single lines; hardly a good line of a log holds it."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LEAST_LINES_TO_HALVE = 64
_DEEPEST = 500
"""Brackets in a line from which on Python's parser might refuse a nesting that Arrow's follows."""
_MOST_DIGITS = 1000
_LINE_END, _OPENING, _CLOSING = b"\n{}"

LONGEST_LINE_BYTES = 1024 * 1024
"""A log line has some 500 bytes; one of more than a megabyte is not worth the memory of parsing it."""


@dataclass(frozen=True)
class BadLine:
    """A line that is no event: its index among the lines of the block, and why."""

    index: int
    reason: str


@dataclass(frozen=True)
class ParsedBlock:
    """Rows of `RAW_SCHEMA`, the block line that each row came from, and the lines that became no row."""

    rows: pa.Table
    line_of_row: Sequence[int]
    bad: list[BadLine]


def split_lines(block: bytes) -> list[bytes]:
    """Lines without their ends (`\\n` or `\\r\\n`), blank ones included."""
    lines = block.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    return [line.removesuffix(b"\r") for line in lines]


def parse_lines(lines: Sequence[bytes], offset: int = 0) -> ParsedBlock:
    """Parse non-blank lines; `offset` is the index of the first one.

    A run of lines that Arrow's reader refuses is halved until the culprits stand alone, so that one broken line costs
    a few small reads and not the speed of its whole block.
    """
    table = parse_at_once(b"\n".join(lines))
    if table is not None:
        return ParsedBlock(table, range(offset, offset + len(lines)), [])
    if len(lines) < _LEAST_LINES_TO_HALVE:
        return _parse_one_by_one(lines, offset)
    middle = len(lines) // 2
    first = parse_lines(lines[:middle], offset)
    second = parse_lines(lines[middle:], offset + middle)
    return ParsedBlock(
        pa.concat_tables([first.rows, second.rows]),
        [*first.line_of_row, *second.line_of_row],
        first.bad + second.bad,
    )


def parse_at_once(block: bytes) -> pa.Table | None:
    """One row for each line of a block, by Arrow's JSON reader; None where that might read other than line by line.

    Arrow's reader splits by objects, not by lines, does not mind invalid UTF-8 and knows more literals than JSON: all
    that is ruled out before, by looks at the whole block, as a look at each line would take as long as the parsing.
    """
    block = (block.replace(b"\r\n", b"\n") if b"\r" in block else block).removesuffix(b"\n")
    lines = _count_plain_lines(block)
    if not lines or _holds_odd_literals(block) or not _is_utf8(block):
        return None
    try:
        table = pa_json.read_json(
            pa.BufferReader(block),
            read_options=pa_json.ReadOptions(use_threads=False, block_size=len(block) + 1),
            parse_options=pa_json.ParseOptions(
                explicit_schema=_schema_seen_in(block[: block.find(b"\n") if lines > 1 else None]),
                unexpected_field_behavior="ignore",
            ),
        ).cast(RAW_SCHEMA)
    except (pa.ArrowInvalid, ValueError, RecursionError):
        return None
    return table if table.num_rows == lines and _all_finite(table) else None


def _holds_odd_literals(block: bytes) -> bool:
    return any(odd in block for odd in _ODD_LITERALS) or bool(_SHORT_INFINITY.search(block))


def _count_plain_lines(block: bytes) -> int:
    """Lines of a block; 0 unless each begins with `{`, ends with `}`, and is neither overlong nor suspiciously deep."""
    if not block.startswith(b"{") or not block.endswith(b"}"):
        return 0
    characters = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(characters == _LINE_END)
    one_object_a_line = (characters[ends - 1] == _CLOSING).all() and (characters[ends + 1] == _OPENING).all()
    if not one_object_a_line or _has_odd_length(block, ends):
        return 0
    return len(ends) + 1


def _has_odd_length(block: bytes, ends: npt.NDArray[np.intp]) -> bool:
    """Whether a line is overlong, or nested so deep that Python's parser might refuse it."""
    bounds = np.concatenate([[-1], ends, [len(block)]])
    lengths = np.diff(bounds) - 1
    if lengths.max() > LONGEST_LINE_BYTES:
        return True
    # A bracket opens and closes, so only a line of twice as many bytes can be nested so deep.
    for index in np.flatnonzero(lengths > 2 * _DEEPEST):
        line = block[bounds[index] + 1 : bounds[index + 1]]
        if line.count(b"{") + line.count(b"[") > _DEEPEST:
            return True
    return False


def _all_finite(table: pa.Table) -> bool:
    numbers = (table[field.key] for field in LOG_FIELDS if field.numeric)
    return all(pc.all(pc.is_finite(column), min_count=0).as_py() for column in numbers)


def _schema_seen_in(line: bytes) -> pa.Schema:
    """The raw schema, but with numbers as text (or text as numbers) where the first line writes them so.

    A log that writes `"userId": 123` or `"ts": "1538352000000"` throughout thus still takes the fast way.
    """
    seen = json.loads(line)
    return pa.schema([(field.key, _type_seen(field, seen.get(field.key))) for field in LOG_FIELDS])


def _type_seen(field: LogField, value: object) -> pa.DataType:
    expected = RAW_SCHEMA.field(field.key).type
    if field.numeric and isinstance(value, str) and _NUMBER.match(value):
        return pa.string()
    if not field.numeric and type(value) is int:
        return pa.int64()
    return expected


def _parse_one_by_one(lines: Sequence[bytes], offset: int) -> ParsedBlock:
    rows: list[dict[str, Any]] = []
    line_of_row: list[int] = []
    bad: list[BadLine] = []
    for index, line in enumerate(lines, start=offset):
        row = _parse_line(line)
        if isinstance(row, str):
            bad.append(BadLine(index, row))
        else:
            rows.append(row)
            line_of_row.append(index)
    return ParsedBlock(pa.Table.from_pylist(rows, schema=RAW_SCHEMA), line_of_row, bad)


def _parse_line(line: bytes) -> dict[str, Any] | str:
    """The line's row, or the reason why it has none."""
    try:
        value = json.loads(line.removeprefix(_BYTE_ORDER_MARK).decode(), parse_int=_as_int)
    except UnicodeDecodeError:
        return "invalid UTF-8"
    except (ValueError, RecursionError):
        return "broken JSON"
    if not isinstance(value, dict):
        return "not a JSON object"
    row: dict[str, Any] = {}
    for field in LOG_FIELDS:
        converted = _as_number(value.get(field.key)) if field.numeric else _as_text(value.get(field.key))
        if converted is _WRONG:
            return f"wrong type: {field.key}"
        row[field.key] = converted
    return row


_WRONG = object()


def _as_int(digits: str) -> int | float:
    """The number; infinite where Python would refuse to convert so many digits, though they are good JSON."""
    return int(digits) if len(digits) <= _MOST_DIGITS else math.inf


def _as_number(value: object) -> object:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return float(value) if _NUMBER.match(value) and math.isfinite(float(value)) else _WRONG
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _WRONG
    try:
        return float(value) if math.isfinite(value) else _WRONG
    except OverflowError:
        return _WRONG


def _as_text(value: object) -> object:
    if value is None:
        return None
    if isinstance(value, str):
        # PostgreSQL's text cannot hold NUL, and a lone surrogate is no text at all.
        return value.replace("\x00", "") if _is_encodable(value) else _WRONG
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if type(value) is int else _WRONG


def _is_utf8(block: bytes) -> bool:
    if block.isascii():
        return True
    try:
        pa.scalar(block, pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
