from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from spark_assets.ingest import task as writing
from spark_assets.ingest.task import BatchWriter
from spark_assets.ingest.validation import to_events
from spark_assets.lake.schema import EVENT_SCHEMA, QUARANTINE_SCHEMA
from tests.spark_assets.ingest.samples import line, rows_of

MIDNIGHT = 1_543_708_800_000
"""2018-12-02 00:00 UTC."""


def writer(tmp_path: Path, task: int = 0) -> BatchWriter:
    return BatchWriter(str(tmp_path / "events"), str(tmp_path / "bad"), task)


def events(*times: int) -> pa.Table:
    return to_events(rows_of([line(ts=time) for time in times]), source=4)


def test_events_fall_into_the_utc_day_of_their_time(tmp_path: Path) -> None:
    out = writer(tmp_path)
    out.add_events(events(MIDNIGHT - 1, MIDNIGHT, MIDNIGHT + 1))
    out.close()
    assert [(file.event_date, file.rows) for file in out.event_files] == [
        (date(2018, 12, 1), 1),
        (date(2018, 12, 2), 2),
    ]
    path = tmp_path / "events" / out.event_files[0].path
    assert path.parent.name == "event_date=2018-12-01"
    table = pq.ParquetFile(path).read()
    assert table.schema.equals(EVENT_SCHEMA)
    assert table["event_at"].to_pylist() == [datetime(2018, 12, 1, 23, 59, 59, 999000, tzinfo=UTC)]


def test_rows_are_written_when_enough_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_ROWS_HELD", 4)
    out = writer(tmp_path)
    for step in (0, 10, 20):
        out.add_events(events(MIDNIGHT + step, MIDNIGHT + step + 1, MIDNIGHT + step + 2))
    assert [file.rows for file in out.event_files] == [6]
    out.close()
    assert [file.rows for file in out.event_files] == [6, 3]
    assert len({file.path for file in out.event_files}) == 2


def test_an_event_twice_is_written_once_and_counted_by_its_source(tmp_path: Path) -> None:
    out = writer(tmp_path)
    out.add_events(events(MIDNIGHT, MIDNIGHT + 1, MIDNIGHT))
    out.add_events(events(MIDNIGHT))
    out.close()
    assert ([file.rows for file in out.event_files], out.repeated) == ([2], Counter({4: 2}))


def test_two_attempts_of_a_task_never_share_a_name(tmp_path: Path) -> None:
    names = set()
    for _ in range(2):
        attempt = writer(tmp_path, task=7)
        attempt.add_events(events(MIDNIGHT))
        attempt.add_bad("a.json", 1, "broken JSON", b"{")
        attempt.close()
        names |= {attempt.event_files[0].path, attempt.quarantine_files[0].path}
    assert len(names) == 4


def test_quarantine_keeps_the_bytes_as_they_were(tmp_path: Path) -> None:
    out = writer(tmp_path)
    out.add_bad("день 1.json", 2**40, "invalid UTF-8", b"\xff\x00{\r")
    out.close()
    assert [(file.rows, file.event_date) for file in out.quarantine_files] == [(1, None)]
    table = pq.ParquetFile(tmp_path / "bad" / out.quarantine_files[0].path).read()
    assert table.schema.equals(QUARANTINE_SCHEMA)
    assert table.to_pylist() == [
        {"file": "день 1.json", "line": 2**40, "reason": "invalid UTF-8", "raw": b"\xff\x00{\r"}
    ]


def test_nothing_found_writes_nothing(tmp_path: Path) -> None:
    out = writer(tmp_path)
    out.add_events(events())
    out.close()
    assert (out.event_files, out.quarantine_files, list(tmp_path.iterdir())) == ([], [], [])
