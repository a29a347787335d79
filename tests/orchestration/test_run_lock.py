"""Runs of command lines: one at a time, and dead ones do not count; on an instance with the settings of `make`."""

import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest

from deploy.local.dagster_home import DAGSTER_YAML
from orchestration.run_lock import (
    BY_COMMAND,
    DIED,
    PUBLISHING,
    UNLOCKED_SECONDS,
    AlreadyRunningError,
    bury_the_dead,
    is_any_unfinished,
    only_command,
)

NOTHING = dg.GraphDefinition(name="nothing").to_job()
HOLDER = """
import sys, time
import dagster as dg
from orchestration.run_lock import hold_run, only_command
with dg.DagsterInstance.from_config(sys.argv[1]) as instance, only_command(instance):
    hold_run(instance, sys.argv[2])
    print("held", flush=True)
    time.sleep(60)
"""
"""A command line at work on a run."""

RUNNER = """
import sys, time
import dagster as dg
from tests.orchestration.fakes import pipeline
from spark_assets.steps.settings import StepResult

def works(params):
    print(params.run_id, flush=True)
    time.sleep(60)
    return StepResult()

@dg.asset
def slow(context: dg.AssetExecutionContext, pipeline: dg.ResourceParam[object]) -> None:
    pipeline.run("slow", context)

with dg.DagsterInstance.from_config(sys.argv[1]) as instance:
    dg.materialize([slow], instance=instance, resources={"pipeline": pipeline({"slow": works})})
"""
"""A run as any launcher executes it: Dagster's own code in a process of its own, and our resource."""

PUBLISHER = """
import sys, time
import dagster as dg
from orchestration.run_lock import PUBLISHING

@dg.asset(pool=PUBLISHING)
def publishes() -> None:
    print(time.time())
    time.sleep(1)
    print(time.time())

with dg.DagsterInstance.from_config(sys.argv[1]) as instance:
    sys.exit(not dg.materialize([publishes], instance=instance).success)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "dagster.yaml").write_text(DAGSTER_YAML)
    return tmp_path


@pytest.fixture
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(home)) as made:
        yield made


def begin(instance: dg.DagsterInstance, run_id: str | None = None, **tags: str) -> dg.DagsterRun:
    return instance.create_run_for_job(NOTHING, run_id=run_id, status=dg.DagsterRunStatus.STARTED, tags=tags)


def status_of(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    found = instance.get_run_by_id(run_id)
    assert found is not None
    return found.status


@contextmanager
def process(program: str, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A program of this module, once it has said its first line."""
    command = [sys.executable, "-c", program, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        try:
            yield started, started.stdout.readline().strip()
        finally:
            started.kill()


def test_a_second_command_is_refused_until_the_first_is_killed(home: Path, instance: dg.DagsterInstance) -> None:
    run_id = str(uuid.uuid4())
    with process(HOLDER, str(home), run_id) as (holder, said):
        assert said == "held"
        begin(instance, run_id, **BY_COMMAND)
        with pytest.raises(AlreadyRunningError, match="is at work"), only_command(instance):
            pass
        bury_the_dead(instance)
        assert status_of(instance, run_id) == dg.DagsterRunStatus.STARTED
        holder.kill()
        holder.wait()
        bury_the_dead(instance)
    assert status_of(instance, run_id) == dg.DagsterRunStatus.FAILURE


def test_a_look_after_the_dead_never_stands_in_a_commands_way(instance: dg.DagsterInstance) -> None:
    with only_command(instance):
        bury_the_dead(instance)
        begin(instance, **BY_COMMAND)
    bury_the_dead(instance)
    with only_command(instance):
        assert not is_any_unfinished(instance)


def test_a_run_that_was_killed_is_failed_and_says_so(home: Path, instance: dg.DagsterInstance) -> None:
    with process(RUNNER, str(home)) as (runner, run_id):
        bury_the_dead(instance)
        assert status_of(instance, run_id) == dg.DagsterRunStatus.STARTED
        runner.kill()
        runner.wait()
        bury_the_dead(instance)
    assert status_of(instance, run_id) == dg.DagsterRunStatus.FAILURE
    (end,) = instance.get_records_for_run(run_id, of_type=dg.DagsterEventType.RUN_FAILURE).records
    assert end.event_log_entry.dagster_event is not None
    assert end.event_log_entry.dagster_event.message == DIED
    bury_the_dead(instance)
    assert list((home / "run-locks").iterdir()) == []


def test_a_run_that_died_before_its_first_step_is_failed_after_a_while(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin(instance)
    bury_the_dead(instance)
    assert status_of(instance, run.run_id) == dg.DagsterRunStatus.STARTED
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + UNLOCKED_SECONDS + 1)
    bury_the_dead(instance)
    assert status_of(instance, run.run_id) == dg.DagsterRunStatus.FAILURE


def test_runs_that_wait_are_left_alone(instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    run = instance.create_run_for_job(NOTHING, status=dg.DagsterRunStatus.NOT_STARTED)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 7 * 86_400)
    bury_the_dead(instance)
    assert status_of(instance, run.run_id) == dg.DagsterRunStatus.NOT_STARTED


def test_finished_runs_do_not_count(instance: dg.DagsterInstance) -> None:
    instance.report_run_failed(begin(instance))
    assert not is_any_unfinished(instance)


def test_a_dead_run_gives_back_its_slot(instance: dg.DagsterInstance) -> None:
    run = begin(instance, **BY_COMMAND)
    storage = instance.event_log_storage
    storage.initialize_concurrency_limit_to_default(PUBLISHING)
    assert storage.claim_concurrency_slot(PUBLISHING, run.run_id, "portal_snapshot").is_claimed
    bury_the_dead(instance)
    assert storage.get_concurrency_info(PUBLISHING).active_slot_count == 0


def test_two_runs_never_publish_at_once(instance: dg.DagsterInstance, home: Path) -> None:
    bury_the_dead(instance)  # as every sensor, schedule and command does first
    command = [sys.executable, "-c", PUBLISHER, str(home)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    spans = sorted(tuple(map(float, run.communicate(timeout=120)[0].split())) for run in runs)
    assert [run.returncode for run in runs] == [0, 0]
    (_, first_ended), (second_began, _) = spans
    assert first_ended <= second_began
