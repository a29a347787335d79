"""From bytes to rows: plain lines all at once (`scanning`), every other line by itself, with what is wrong with it."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from spark_assets.ingest.validation import trim_numbers
from spark_assets.json_scanner.scanner import LONGEST_LINE_BYTES, Lines, scan
from spark_assets.lake.schema import LOG_FIELDS, RAW_SCHEMA

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MOST_DIGITS = 1000
_LOOK_BYTES = 64

_BROKEN, _NO_UTF8, _TOO_LONG, _LIST = "broken JSON", "invalid UTF-8", "line longer than 1 MiB", "JSON array"
_MAY_HOLD_RECORDS = (_BROKEN, _NO_UTF8, _TOO_LONG)
"""Reasons of a line that may hold several objects one behind the other."""


@dataclass(frozen=True)
class BadLine:
    """A line that is no event: its index among the lines of the block, and why."""

    index: int
    reason: str


@dataclass(frozen=True)
class ParsedBlock:
    """Rows of `RAW_SCHEMA`, the line of the block that each row came from, and the lines that became no row.

    `lines` are those of the block, a line of several records once for each of them.
    """

    lines: Lines
    rows: pa.Table
    line_of_row: npt.NDArray[np.int64]
    bad: list[BadLine]


def parse_block(lines: Lines) -> ParsedBlock:
    """One row for each record of a block that is a JSON object of the right types, in order.

    A record is a line, or one of several objects on a line; blank lines are no lines.
    """
    parsed = _parse(lines)
    doubtful = [line.index for line in parsed.bad if line.reason in _MAY_HOLD_RECORDS]
    records = lines.divided(doubtful) if doubtful else None
    parsed = parsed if records is None else _parse(records)
    return replace(parsed, rows=trim_numbers(parsed.rows))


def _parse(lines: Lines) -> ParsedBlock:
    rows, plain = scan(lines)
    line_of_row = np.flatnonzero(plain)
    others = np.flatnonzero(~plain)
    if not len(others):
        return ParsedBlock(lines, rows, line_of_row, [])
    parsed = parse_lines(lines, others.tolist())
    if not len(parsed.line_of_row):
        return ParsedBlock(lines, rows, line_of_row, parsed.bad)
    line_of_row = np.concatenate([line_of_row, parsed.line_of_row])
    order = np.argsort(line_of_row)
    return ParsedBlock(lines, pa.concat_tables([rows, parsed.rows]).take(order), line_of_row[order], parsed.bad)


def parse_lines(lines: Lines, indexes: Sequence[int]) -> ParsedBlock:
    """The same for some lines, one by one."""
    rows: list[dict[str, Any]] = []
    line_of_row: list[int] = []
    bad: list[BadLine] = []
    for index in indexes:
        line = lines[index]
        if not line.strip():
            continue
        row = _parse_line(line)
        if isinstance(row, str):
            bad.append(BadLine(index, row))
        else:
            rows.append(row)
            line_of_row.append(index)
    table = pa.Table.from_pylist(rows, schema=RAW_SCHEMA)
    return ParsedBlock(lines, table, np.array(line_of_row, dtype=np.int64), bad)


def _parse_line(line: bytes) -> dict[str, Any] | str:
    """The line's row, or the reason why it has none."""
    if len(line) > LONGEST_LINE_BYTES:
        return _LIST if line[:_LOOK_BYTES].lstrip().startswith(b"[") else _TOO_LONG
    try:
        value = json.loads(line.removeprefix(_BYTE_ORDER_MARK).decode(), parse_int=_as_int)
    except UnicodeDecodeError:
        return _NO_UTF8
    except (ValueError, RecursionError):
        return _LIST if _is_part_of_list(line) else _BROKEN
    if not isinstance(value, dict):
        return _LIST if isinstance(value, list) else "not a JSON object"
    row: dict[str, Any] = {}
    for field in LOG_FIELDS:
        converted = _as_number(value.get(field.key)) if field.numeric else _as_text(value.get(field.key))
        if converted is _WRONG:
            return f"wrong type: {field.key}"
        if converted is _SURROGATE:
            return f"lone surrogate: {field.key}"
        row[field.key] = converted
    return row


def _is_part_of_list(line: bytes) -> bool:
    """Whether a line that is no JSON looks like one of a list of objects: a bracket alone, or a comma between objects.

    Read by its beginning and end alone: a longer look would cost more than the name of the reason is worth.
    """
    text = line.strip()
    if text.startswith(b"["):
        return len(text) == 1 or text.endswith((b"},", b"}]"))
    return text in (b"]", b"],") or (text.startswith(b"{") and text.endswith(b"},"))


_WRONG = object()
_SURROGATE = object()


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
        return value if _is_encodable(value) else _SURROGATE
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if type(value) is int else _WRONG


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
