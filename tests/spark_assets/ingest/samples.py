"""Log lines and files for the tests of ingestion."""

import bz2
import gzip
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from spark_assets.ingest.parsing import parse_block
from spark_assets.ingest.validation import to_events
from spark_assets.json_scanner.scanner import Lines

NOW = datetime(2019, 1, 1, tzinfo=UTC)
"""When the tests read logs of late 2018."""

NOON = 1_543_665_600_000
"""2018-12-01 12:00 UTC in milliseconds."""


def event(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON is any
    """Return a good log line as a dict, with `changes`; None removes nothing: it is written as null."""
    return {
        "ts": NOON,
        "userId": "300001",
        "sessionId": 17,
        "itemInSession": 3,
        "page": "NextSong",
        "auth": "Logged In",
        "method": "PUT",
        "status": 200,
        "level": "paid",
        "location": "Bozeman, MT",
        "userAgent": "Mozilla/5.0",
        "lastName": "Long",
        "firstName": "Micah",
        "registration": 1_538_331_630_000,
        "gender": "M",
        "artist": "Zoë Keating",
        "song": "Escape Artist",
        "length": 223.5,
        **changes,
    }


def line(**changes: Any) -> bytes:  # noqa: ANN401 - JSON is any
    """Return a good log line, with `changes`."""
    return json.dumps(event(**changes), ensure_ascii=False).encode()


def without(*keys: str) -> bytes:
    """Return a good log line that lacks some keys."""
    return json.dumps({key: value for key, value in event().items() if key not in keys}).encode()


def text(lines: Sequence[bytes]) -> bytes:
    """Return the content of a file of these lines."""
    return b"".join(item + b"\n" for item in lines)


def rows_of(lines: Sequence[bytes]) -> pa.Table:
    """Return the rows of good log lines as read, before the checks."""
    return parse_block(Lines.of(text(lines))).rows


def events_of(*changes: dict[str, Any], source: int = 0) -> pa.Table:
    """Return the events of good log lines with `changes`."""
    return to_events(rows_of([line(**change) for change in changes]), source)


def drop(inbox: Path, name: str, content: bytes, modified_s: int | None = None) -> Path:
    """Write a log file, packed as its name says; set its modification time where one is given."""
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name.endswith(".gz"):
        content = gzip.compress(content, mtime=0)
    elif name.endswith(".bz2"):
        content = bz2.compress(content)
    path.write_bytes(content)
    if modified_s is not None:
        os.utime(path, (modified_s, modified_s))
    return path
