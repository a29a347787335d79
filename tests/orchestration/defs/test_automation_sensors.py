import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.assets import log_files
from orchestration.defs.automation import inbox_sensor
from orchestration.inbox import FINGERPRINT
from orchestration.pipeline import Pipeline
from orchestration.run_lock import BY_COMMAND, only_command
from spark_assets.lake.ledger import BatchEntry, FileEntry, commit
from tests.orchestration.fakes import pipeline

Tick = Callable[[], dg.SensorResult | dg.SkipReason]
NOTHING = dg.GraphDefinition(name="nothing").to_job()
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


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as made:
        yield made


@pytest.fixture
def tick(instance: dg.DagsterInstance, inbox: Path) -> Tick:
    """One look into the inbox; the cursor goes on from look to look."""
    cursor: list[str | None] = [None]

    def look() -> dg.SensorResult | dg.SkipReason:
        resources = resources_of(inbox)
        with dg.build_sensor_context(instance, cursor=cursor[0], resources=resources) as context:
            found = inbox_sensor(context)
        assert isinstance(found, dg.SensorResult | dg.SkipReason)
        if isinstance(found, dg.SensorResult):
            cursor[0] = found.cursor
        return found

    return look


def resources_of(inbox: Path) -> dict[str, Pipeline]:
    return {"pipeline": pipeline({}, inbox=str(inbox), lake=str(inbox.parent / "lake"), quiet_seconds=60)}


def reported(found: dg.SensorResult | dg.SkipReason, inbox: Path) -> dict[str, object]:
    """Run what a tick requests, which makes Dagster call it a success; metadata of `log_files` afterwards."""
    assert isinstance(found, dg.SensorResult)
    (request,) = found.run_requests or []
    assert request.tags["encore/trigger"] == "new log files"
    done = dg.materialize([log_files], resources=resources_of(inbox), tags=dict(request.tags))
    (event,) = done.asset_materializations_for_node("log_files")
    return {name: value.value for name, value in event.metadata.items()}


def ingested(inbox: Path, path: Path) -> None:
    stat = path.stat()
    file = FileEntry(
        name=path.name, size=stat.st_size, modified_ns=stat.st_mtime_ns, content_hash="x", duplicate_of=None,
        read=1, kept=1, logged_out=0, first_at=None, last_at=None, quarantined={},
    )  # fmt: skip
    now = datetime.now(UTC).isoformat()
    entry = BatchEntry(batch=1, started_at=now, committed_at=now, files=[file], events_by_date={})
    commit(str(inbox.parent / "lake"), entry)


def test_skips_an_empty_inbox(tick: Tick, inbox: Path) -> None:
    assert tick() == dg.SkipReason(f"Nothing new in {inbox}.")


def test_says_when_the_inbox_is_missing(tick: Tick, inbox: Path) -> None:
    inbox.rmdir()
    found = tick()
    assert isinstance(found, dg.SkipReason)
    assert "does not exist" in str(found.skip_message)


def test_an_inbox_that_went_before_the_report_is_named(inbox: Path) -> None:
    inbox.rmdir()
    done = dg.materialize([log_files], resources=resources_of(inbox), raise_on_error=False)
    (failure,) = done.get_step_failure_events()
    assert failure.step_failure_data.user_failure_data
    assert str(failure.step_failure_data.user_failure_data.description).startswith(f"The inbox {inbox} does not exist")


def test_reports_one_content_once(tick: Tick, inbox: Path) -> None:
    drop(inbox, "2018-10-01.json.gz")
    told = reported(tick(), inbox)
    assert len(str(told.pop(FINGERPRINT))) == 64
    assert told == {"files": 1, "unsettled": 0, "names": "- `2018-10-01.json.gz`"}
    assert tick() == dg.SkipReason(f"1 files wait in {inbox} and were reported before.")


def test_a_further_file_is_reported(tick: Tick, inbox: Path) -> None:
    drop(inbox, "a.json")
    tick()
    drop(inbox, "b.json")
    assert reported(tick(), inbox)["files"] == 2


def test_of_many_files_some_are_named(tick: Tick, inbox: Path) -> None:
    for number in range(23):
        drop(inbox, f"{number:02d}.json")
    names = str(reported(tick(), inbox)["names"])
    assert (names.count("`") // 2, names.splitlines()[-1]) == (20, "- and 3 more")


def test_leaves_what_a_batch_holds(tick: Tick, inbox: Path) -> None:
    ingested(inbox, drop(inbox, "a.json"))
    assert tick() == dg.SkipReason(f"Nothing new in {inbox}.")


def test_waits_for_a_file_still_being_written(tick: Tick, inbox: Path) -> None:
    drop(inbox, "a.json", seconds_ago=30)
    assert tick() == dg.SkipReason(f"Nothing new in {inbox}, 1 still being written.")


def test_a_file_that_came_during_a_run_is_reported_after_it(
    tick: Tick, inbox: Path, instance: dg.DagsterInstance
) -> None:
    ingested(inbox, drop(inbox, "a.json"))
    run = instance.create_run_for_job(NOTHING, status=dg.DagsterRunStatus.STARTED)
    drop(inbox, "b.json")
    assert tick() == dg.SkipReason("A run is at work. The inbox is looked into after it.")
    instance.report_run_failed(run)
    assert reported(tick(), inbox)["files"] == 1


def test_a_killed_command_line_keeps_nothing_waiting(tick: Tick, inbox: Path, instance: dg.DagsterInstance) -> None:
    run = instance.create_run_for_job(NOTHING, status=dg.DagsterRunStatus.STARTED, tags=BY_COMMAND)
    drop(inbox, "a.json")
    with only_command(instance):
        pass
    assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE  # type: ignore[union-attr]
    assert reported(tick(), inbox)["files"] == 1
