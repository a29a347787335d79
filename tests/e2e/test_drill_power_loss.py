"""A power loss in the middle of a run by Dagster: the machine starts again, and nobody does more than `make up`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import dagster as dg
import psycopg2
import pytest

from deploy.local import supervision
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.processes import session_members
from deploy.local.settings import Settings, resolve
from deploy.local.stack import down, status, up
from orchestration.run_lock import BY_COMMAND, DIED, TRIGGER
from spark_assets.ingest.inbox import discover
from spark_assets.lake.ledger import Ledger
from tests.e2e.killing import ROOT
from tests.embedded import reachable_folder

pytestmark = pytest.mark.slow("a drill: power loss within a run by Dagster")

PATIENCE_SECONDS = 900  # of a whole run with training on two busy cores, after the look for dead runs


@pytest.fixture
def settings() -> Iterator[Settings]:
    with reachable_folder() as folder:
        (folder / "logs").mkdir()
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        places = {"ENCORE_HOME": str(folder / "home"), "ENCORE_LOGS": str(folder / "logs")}
        made = resolve(kept | places | {"ENCORE_QUIET_SECONDS": "2"}, folder, ROOT)
        try:
            yield made
        finally:
            down(made)


@pytest.mark.parametrize(
    "stage",
    [
        "ingested_logs",
        pytest.param("trained_model", marks=pytest.mark.slow("a further stage of the drill")),
        pytest.param("portal_snapshot", marks=pytest.mark.slow("a further stage of the drill")),
    ],
)
def test_the_next_file_is_published(settings: Settings, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(settings, "first", users=150, seed=1)
    assert up(settings) == 0
    monkeypatch.setenv("DAGSTER_HOME", str(settings.home / "dagster"))
    with dg.DagsterInstance.get() as instance:
        drop(settings, "second", users=5, seed=2)
        awaited(lambda: bool(runs_at(instance, stage)))
        (run_id,) = runs_at(instance, stage)
        cut_the_power(settings)
        assert not status(settings)

        assert up(settings) == 0
        drop(settings, "third", users=5, seed=3)
        awaited(lambda: has_all(settings) and bool(snapshots_after(instance, run_id)))
        ended = instance.get_run_by_id(run_id)
        assert ended is not None
        assert ended.status == dg.DagsterRunStatus.FAILURE
        (end,) = instance.get_records_for_run(run_id, of_type=dg.DagsterEventType.RUN_FAILURE).records
        assert end.event_log_entry.dagster_event is not None
        assert end.event_log_entry.dagster_event.message == DIED
    url = EmbeddedPostgres(settings.home).url
    assert url is not None
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("select count(*) from current_customer")
        assert cursor.fetchall()[0][0] > 100


def drop(settings: Settings, name: str, users: int, seed: int) -> None:
    """Drop sample logs into a folder of the inbox, whole at once."""
    aside = settings.home.parent / name
    words = ["--users", str(users), "--days", "61", "--seed", str(seed), "--out", str(aside)]
    command = [sys.executable, "-m", "spark_assets.simulation", *words]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    aside.rename(Path(settings.logs) / name)


def runs_at(instance: dg.DagsterInstance, step: str) -> list[str]:
    """Runs by Dagster that compute a step at this moment."""
    at_work = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
    return [
        run.run_id
        for run in at_work
        if run.tags.get(TRIGGER) != BY_COMMAND[TRIGGER]
        and any(
            record.event_log_entry.step_key == step
            for record in instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.STEP_START).records
        )
    ]


def cut_the_power(settings: Settings) -> None:
    """SIGKILL for supervisor, servers, runs with their Java, and Postgres, all at once."""
    note, postgres = supervision.note_of(settings), EmbeddedPostgres(settings.home).pid()
    assert note is not None
    assert postgres is not None
    for pid in (*session_members(note.pid), postgres):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    awaited(lambda: not session_members(note.pid))


def has_all(settings: Settings) -> bool:
    """Whether every file of the inbox lies in a batch."""
    return not Ledger.load(settings.lake).unknown(discover(settings.logs))


def snapshots_after(instance: dg.DagsterInstance, run_id: str) -> list[dg.EventLogRecord]:
    """Snapshots published with what was ingested last, by other runs than that one."""
    ingested, published = (
        instance.fetch_materializations(dg.AssetKey(name), limit=1).records
        for name in ("cleaned_events", "portal_snapshot")
    )
    is_newer = bool(ingested and published) and published[0].storage_id > ingested[0].storage_id
    return [record for record in published if is_newer and record.run_id != run_id]


def awaited(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(1)
