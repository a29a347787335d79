"""Lines in the shapes seen in the wild, from file to Parquet."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.spark_assets.ingest.samples import NOON, line, text, without
from tests.spark_assets.ingest.test_task import ingest, quarantine

NOON_AT = datetime(2018, 12, 1, 12, tzinfo=UTC)
OPTIONAL = ("artist", "song", "length", "location", "userAgent", "lastName", "firstName", "gender", "registration")


def rows_of(tmp_path: Path, content: bytes) -> list[dict[str, Any]]:
    """Events of a file of which no line may be refused."""
    result = ingest(tmp_path, content)
    assert result.quarantine_files == []
    return [
        row for file in result.event_files for row in pq.ParquetFile(tmp_path / "events" / file.path).read().to_pylist()
    ]


def test_absent_keys_and_nulls_are_the_same_event(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, text([without(*OPTIONAL), line(**dict.fromkeys(OPTIONAL))]))
    assert row["user_id"] == "300001"
    assert {row[name] for name in ("artist", "song", "length", "location", "device", "registered_at")} == {None}


def test_numbers_however_written_are_the_same_event(tmp_path: Path) -> None:
    whole = {"ts": NOON, "sessionId": 17, "userId": 300001, "registration": 1_538_331_630_000}
    floats = {key: float(value) for key, value in whole.items()}
    texts = {key: str(value) for key, value in whole.items()}
    off_seconds = {**floats, "ts": NOON + 0.25}
    (row,) = rows_of(tmp_path, text([line(**shape) for shape in (whole, floats, texts, off_seconds)]))
    assert (row["event_at"], row["session_id"], row["user_id"]) == (NOON_AT, 17, "300001")


def test_unknown_keys_are_passed_over(tmp_path: Path) -> None:
    assert len(rows_of(tmp_path, text([line(), line(campaign={"id": [1]}), line(ab="x")]))) == 1


def test_events_that_share_much_are_still_several(tmp_path: Path) -> None:
    same_session = [line(userId="1"), line(userId="2")]
    same_moment = [line(itemInSession=number) for number in (4, 5)]
    before_registration = [line(registration=NOON + 86_400_000)]
    assert len(rows_of(tmp_path, text([*same_session, *same_moment, *before_registration]))) == 5


def test_a_line_of_ten_megabytes_is_kept_in_quarantine_by_its_first_mebibyte(tmp_path: Path) -> None:
    huge = line(song="x" * 10_000_000)
    content = text([line(), huge, line(itemInSession=9)])
    result = ingest(tmp_path, content)
    assert (result.counts["0.json"].read, result.counts["0.json"].kept) == (3, 2)
    assert quarantine(tmp_path, result) == [("0.json", 2, "line longer than 1 MiB", huge[: 1 << 20])]
