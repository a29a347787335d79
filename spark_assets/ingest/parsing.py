"""From bytes to rows: plain lines all at once (`scanning`), every other line by itself, with what is wrong with it."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from spark_assets.ingest.scanning import LONGEST_LINE_BYTES, Lines, scan
from spark_assets.ingest.schema import LOG_FIELDS, RAW_SCHEMA

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MOST_DIGITS = 1000


@dataclass(frozen=True)
class BadLine:
    """A line that is no event: its index among the lines of the block, and why."""

    index: int
    reason: str


@dataclass(frozen=True)
class ParsedBlock:
    """Rows of `RAW_SCHEMA`, the line of the block that each row came from, and the lines that became no row."""

    rows: pa.Table
    line_of_row: npt.NDArray[np.int64]
    bad: list[BadLine]


def parse_block(lines: Lines) -> ParsedBlock:
    """One row for each line of a block that is a JSON object of the right types, in order; blank lines are no lines."""
    rows, plain = scan(lines)
    line_of_row = np.flatnonzero(plain)
    others = np.flatnonzero(~plain)
    if not len(others):
        return ParsedBlock(rows, line_of_row, [])
    parsed = parse_lines(lines, others.tolist())
    if not len(parsed.line_of_row):
        return ParsedBlock(rows, line_of_row, parsed.bad)
    line_of_row = np.concatenate([line_of_row, parsed.line_of_row])
    order = np.argsort(line_of_row)
    return ParsedBlock(pa.concat_tables([rows, parsed.rows]).take(order), line_of_row[order], parsed.bad)


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
    return ParsedBlock(pa.Table.from_pylist(rows, schema=RAW_SCHEMA), np.array(line_of_row, dtype=np.int64), bad)


def _parse_line(line: bytes) -> dict[str, Any] | str:
    """The line's row, or the reason why it has none."""
    if len(line) > LONGEST_LINE_BYTES:
        return "line longer than 1 MiB"
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


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
