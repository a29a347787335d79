"""The fallback, tick by tick: silent while the sensors do their work."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.assets import log_files
from orchestration.defs.automation import daily_fallback
from tests.orchestration.defs.test_automation_sensors import NOTHING, drop, ingested
from tests.orchestration.fakes import pipeline

AT = datetime(2018, 12, 2, 4, tzinfo=UTC)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as made:
        yield made


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def tick(instance: dg.DagsterInstance, inbox: Path) -> dg.RunRequest | dg.SkipReason:
    resources = {"pipeline": pipeline({}, inbox=str(inbox), lake=str(inbox.parent / "lake"))}
    with dg.build_schedule_context(instance, scheduled_execution_time=AT, resources=resources) as context:
        found = daily_fallback(context)
    assert isinstance(found, dg.RunRequest | dg.SkipReason)
    return found


def report(instance: dg.DagsterInstance, *assets: str) -> None:
    for name in assets:
        instance.report_runless_asset_event(dg.AssetMaterialization(name))


def test_does_nothing_when_all_is_done(instance: dg.DagsterInstance, inbox: Path) -> None:
    ingested(inbox, drop(inbox, "a.json"))
    report(instance, "cleaned_events", "portal_snapshot")
    skipped = dg.SkipReason("No log file waits, and the portal shows all that was ingested.")
    assert tick(instance, inbox) == skipped


def test_runs_when_files_wait(instance: dg.DagsterInstance, inbox: Path) -> None:
    drop(inbox, "a.json")
    report(instance, "cleaned_events", "portal_snapshot")
    found = tick(instance, inbox)
    assert isinstance(found, dg.RunRequest)
    assert found.run_key == "2018-12-02T04:00:00+00:00"


def test_a_damaged_file_that_a_run_left_is_no_reason_for_another(instance: dg.DagsterInstance, inbox: Path) -> None:
    """A cut archive stays in the inbox: read and left once, it waits for people and not for another training."""
    drop(inbox, "cut.json.gz")
    report(instance, "cleaned_events", "portal_snapshot")
    found = tick(instance, inbox)
    assert isinstance(found, dg.RunRequest)
    instance.create_run_for_job(NOTHING, status=dg.DagsterRunStatus.FAILURE, tags=found.tags)
    assert isinstance(tick(instance, inbox), dg.RunRequest)
    instance.create_run_for_job(NOTHING, status=dg.DagsterRunStatus.SUCCESS, tags=found.tags)
    left = tick(instance, inbox)
    assert isinstance(left, dg.SkipReason)
    assert "read these 1 files and left them, as they are damaged: cut.json.gz." in str(left.skip_message)
    drop(inbox, "next.json")
    assert isinstance(tick(instance, inbox), dg.RunRequest)


def test_a_damaged_file_that_the_sensor_reported_and_its_run_left(instance: dg.DagsterInstance, inbox: Path) -> None:
    drop(inbox, "cut.json.gz")
    resources = {"pipeline": pipeline({}, inbox=str(inbox), lake=str(inbox.parent / "lake"))}
    assert dg.materialize([log_files], instance=instance, resources=resources).success
    assert isinstance(tick(instance, inbox), dg.RunRequest)
    report(instance, "cleaned_events", "portal_snapshot")
    assert isinstance(tick(instance, inbox), dg.SkipReason)


@pytest.mark.parametrize("done", [("cleaned_events",), ("portal_snapshot", "cleaned_events")])
def test_runs_when_the_portal_is_behind_the_lake(
    instance: dg.DagsterInstance, inbox: Path, done: tuple[str, ...]
) -> None:
    ingested(inbox, drop(inbox, "a.json"))
    report(instance, *done)
    assert isinstance(tick(instance, inbox), dg.RunRequest)


def test_a_clock_set_back_in_between_hides_nothing(
    instance: dg.DagsterInstance, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingested(inbox, drop(inbox, "a.json"))
    report(instance, "portal_snapshot")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 86_400)
    report(instance, "cleaned_events")
    assert isinstance(tick(instance, inbox), dg.RunRequest)


def test_does_not_come_into_a_runs_way(instance: dg.DagsterInstance, inbox: Path) -> None:
    drop(inbox, "a.json")
    instance.create_run_for_job(NOTHING, status=dg.DagsterRunStatus.STARTED)
    assert tick(instance, inbox) == dg.SkipReason("A run is at work.")


def test_says_when_the_inbox_is_missing(instance: dg.DagsterInstance, inbox: Path) -> None:
    inbox.rmdir()
    found = tick(instance, inbox)
    assert isinstance(found, dg.SkipReason)
    assert "does not exist" in str(found.skip_message)
