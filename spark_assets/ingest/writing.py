"""Parquet files of one task: events by date, and quarantined lines."""

import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from spark_assets import storage
from spark_assets.columns import EVENT_DATE
from spark_assets.ingest.files import WrittenFile, write_table
from spark_assets.ingest.repeats import once
from spark_assets.ingest.schema import EVENT_SCHEMA, QUARANTINE_SCHEMA

_ROWS_HELD = 400_000
"""Rows gathered before they are written: about 100 MB of memory a task."""

_BYTES_HELD = 128 * 1024 * 1024
"""The same for rows of long texts."""

_BAD_ROWS_HELD = 50_000
_BAD_BYTES_HELD = 16 * 1024 * 1024
"""Lines, and bytes of them, gathered for the quarantine before they are written."""


class BatchWriter:
    """Gathers what a task finds and writes it below the folders of one batch.

    Names hold a random part: a second attempt of the same task never writes over the first, and the ledger says
    which attempt counts.
    """

    def __init__(self, events_uri: str, quarantine_uri: str, task: int) -> None:
        self._events_uri = events_uri
        self._quarantine_uri = quarantine_uri
        self._file_name = f"part-{task:05d}-{uuid.uuid4().hex[:12]}"
        self._events: list[pa.Table] = []
        self._held = self._held_bytes = 0
        self._flushes = 0
        self._bad: list[dict[str, object]] = []
        self._bad_bytes = 0
        self.event_files: list[WrittenFile] = []
        self.quarantine_files: list[WrittenFile] = []
        self.repeated: Counter[int] = Counter()
        """Events left out as repeats within a file, by source."""

    def add_events(self, events: pa.Table) -> None:
        """Take rows of `EVENT_SCHEMA`."""
        self._events.append(events)
        self._held += events.num_rows
        self._held_bytes += events.nbytes
        if self._held >= _ROWS_HELD or self._held_bytes >= _BYTES_HELD:
            self._flush_events()

    def add_bad(self, file: str, line: int, reason: str, raw: bytes) -> None:
        """Take one line for the quarantine."""
        self._bad.append({"file": file, "line": line, "reason": reason, "raw": raw})
        self._bad_bytes += len(raw)
        if len(self._bad) >= _BAD_ROWS_HELD or self._bad_bytes >= _BAD_BYTES_HELD:
            self._flush_bad()

    def close(self) -> None:
        """Write what is still held."""
        self._flush_events()
        self._flush_bad()

    def _flush_bad(self) -> None:
        if not self._bad:
            return
        table = pa.Table.from_pylist(self._bad, schema=QUARANTINE_SCHEMA)
        name = f"{self._file_name}-{len(self.quarantine_files)}.parquet"
        write_table(table, storage.join(self._quarantine_uri, name))
        self.quarantine_files.append(WrittenFile(name, table.num_rows))
        self._bad, self._bad_bytes = [], 0

    def _flush_events(self) -> None:
        if not self._held:
            return
        events = pa.concat_tables(self._events)
        for day, found in _by_date(events):
            rows, repeated = once(found)
            path = f"{EVENT_DATE}={day.isoformat()}/{self._file_name}-{self._flushes}.parquet"
            write_table(rows, storage.join(self._events_uri, path))
            self.event_files.append(WrittenFile.of(rows, path, day))
            self.repeated.update(repeated)
        self._events, self._held, self._held_bytes = [], 0, 0
        self._flushes += 1


def _by_date(events: pa.Table) -> Iterator[tuple[date, pa.Table]]:
    days = pc.cast(events[EVENT_SCHEMA.names[0]], pa.date32())
    found = sorted(pc.unique(days).to_pylist())
    for day in found:
        yield day, events if len(found) == 1 else events.filter(pc.equal(days, pa.scalar(day, pa.date32())))
