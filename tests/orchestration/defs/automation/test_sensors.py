import os
import time
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.automation.sensors import QUIET, inbox_sensor
from spark_assets.ingest.ledger import BatchEntry, FileEntry, commit
from tests.orchestration.fakes import pipeline

LINE = '{"ts":1,"page":"Home"}\n'


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def drop(folder: Path, name: str, seconds_ago: float = 3600) -> Path:
    path = folder / name
    path.write_text(LINE)
    moment = time.time() - seconds_ago
    os.utime(path, (moment, moment))
    return path


def tick(inbox: Path) -> dg.SensorResult | dg.SkipReason:
    with dg.build_sensor_context(
        resources={"pipeline": pipeline({}, inbox=str(inbox), lake=str(inbox.parent / "lake"))}
    ) as context:
        found = inbox_sensor(context)
    assert isinstance(found, dg.SensorResult | dg.SkipReason)
    return found


def ingested(inbox: Path, path: Path) -> None:
    stat = path.stat()
    file = FileEntry(
        name=path.name, size=stat.st_size, modified_ns=stat.st_mtime_ns, content_hash="x", duplicate_of=None,
        read=1, kept=1, logged_out=0, first_at=None, last_at=None, quarantined={},
    )  # fmt: skip
    now = datetime.now(UTC).isoformat()
    entry = BatchEntry(batch=1, started_at=now, committed_at=now, files=[file], events_by_date={})
    commit(str(inbox.parent / "lake"), entry)


def test_skips_an_empty_inbox(inbox: Path) -> None:
    assert tick(inbox) == dg.SkipReason(f"Nothing new in {inbox}.")


def test_says_when_the_inbox_is_missing(tmp_path: Path) -> None:
    found = tick(tmp_path / "nowhere")
    assert isinstance(found, dg.SkipReason)
    assert "does not exist" in str(found.skip_message)


def test_requests_one_run_for_one_content(inbox: Path) -> None:
    drop(inbox, "2018-10-01.json.gz")
    first, second = tick(inbox), tick(inbox)
    assert isinstance(first, dg.SensorResult)
    assert isinstance(second, dg.SensorResult)
    (request,), (again,) = first.run_requests or (), second.run_requests or ()
    assert request.run_key == again.run_key
    assert request.tags["encore/new_files"] == "1"


def test_a_further_file_asks_for_another_run(inbox: Path) -> None:
    drop(inbox, "a.json")
    first = tick(inbox)
    drop(inbox, "b.json")
    second = tick(inbox)
    assert isinstance(first, dg.SensorResult)
    assert isinstance(second, dg.SensorResult)
    assert (first.run_requests or [])[0].run_key != (second.run_requests or [])[0].run_key


def test_leaves_what_a_batch_holds(inbox: Path) -> None:
    ingested(inbox, drop(inbox, "a.json"))
    assert tick(inbox) == dg.SkipReason(f"Nothing new in {inbox}.")


def test_waits_for_a_file_still_being_written(inbox: Path) -> None:
    drop(inbox, "a.json", seconds_ago=QUIET.total_seconds() / 2)
    assert tick(inbox) == dg.SkipReason(f"Nothing new in {inbox}, 1 still being written.")
