"""Runs of command lines: one at a time, and dead ones do not count; on an instance with the settings of `make`."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from deploy.local.dagster_home import DAGSTER_YAML
from orchestration.conditions import PUBLISHING
from orchestration.launches import (
    BY_COMMAND,
    AlreadyRunningError,
    bury_the_dead,
    is_any_unfinished,
    only_command,
)

NOTHING = dg.GraphDefinition(name="nothing").to_job()
HOLDER = """
import sys, time
import dagster as dg
from orchestration.launches import only_command
with dg.DagsterInstance.from_config(sys.argv[1]) as instance, only_command(instance):
    print("held", flush=True)
    time.sleep(60)
"""

PUBLISHER = """
import sys, time
import dagster as dg
from orchestration.conditions import PUBLISHING

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


def begin(instance: dg.DagsterInstance, **tags: str) -> dg.DagsterRun:
    return instance.create_run_for_job(NOTHING, status=dg.DagsterRunStatus.STARTED, tags=tags)


def status_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status


def test_a_second_command_is_refused_until_the_first_is_killed(home: Path, instance: dg.DagsterInstance) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(home)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        run = begin(instance, **BY_COMMAND)
        with pytest.raises(AlreadyRunningError, match="is at work"), only_command(instance):
            pass
        bury_the_dead(instance)
        assert status_of(instance, run) == dg.DagsterRunStatus.STARTED
        holder.kill()
    bury_the_dead(instance)
    assert status_of(instance, run) == dg.DagsterRunStatus.FAILURE


def test_runs_of_the_daemon_are_left_alone(instance: dg.DagsterInstance) -> None:
    run = begin(instance)
    bury_the_dead(instance)
    assert status_of(instance, run) == dg.DagsterRunStatus.STARTED
    assert is_any_unfinished(instance)


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
