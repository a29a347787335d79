"""From bytes to Arrow columns: whole blocks at once where the lines are regular, line by line where they are not.

Both ways meet in one table of `RAW_SCHEMA`, so that one set of checks (`checking`) judges every line.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pa_json

from spark_assets.ingest.schema import LOG_FIELDS, RAW_SCHEMA, LogField

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z")
_SHORT_INFINITY = re.compile(rb"Inf\s*[,}\]]")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LEAST_LINES_TO_HALVE = 64
_DEEPEST = 500
"""Brackets in a line from which on Python's parser might refuse a nesting that Arrow's follows."""
_MOST_DIGITS = 1000


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
    table = _parse_at_once(lines)
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


def _parse_at_once(lines: Sequence[bytes]) -> pa.Table | None:
    """Rows by Arrow's JSON reader, or None where it might read other than line by line."""
    block = b"\n".join(lines)
    # Arrow's reader splits by objects, not by lines, and does not mind invalid UTF-8: both are ruled out beforehand.
    one_object_a_line = block.count(b"}\n{") == len(lines) - 1 and block[:1] == b"{" and block[-1:] == b"}"
    if not one_object_a_line or not _is_utf8(block) or _reads_otherwise(block, lines):
        return None
    try:
        table = pa_json.read_json(
            pa.BufferReader(block),
            read_options=pa_json.ReadOptions(use_threads=False, block_size=len(block) + 1),
            parse_options=pa_json.ParseOptions(
                explicit_schema=_schema_seen_in(lines[0]), unexpected_field_behavior="ignore"
            ),
        ).cast(RAW_SCHEMA)
    except (pa.ArrowInvalid, ValueError, RecursionError):
        return None
    return table if table.num_rows == len(lines) and _all_finite(table) else None


def _reads_otherwise(block: bytes, lines: Sequence[bytes]) -> bool:
    """Whether Arrow takes what the parser of single lines refuses: odd literals and, in unknown keys, deep nesting."""
    odd = b"\x00" in block or b"\\u0000" in block or b"-NaN" in block or _SHORT_INFINITY.search(block)
    # A bracket opens and closes, so only a line of twice as many bytes can be nested so deep.
    return bool(odd) or any(len(line) > 2 * _DEEPEST and _brackets(line) > _DEEPEST for line in lines)


def _brackets(line: bytes) -> int:
    return line.count(b"{") + line.count(b"[")


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
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
