"""Runs under way: a lock that each holds while its process lives, by which dead ones are found and failed."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dagster as dg

PUBLISHING = "publishing"
"""Pool of what writes to Postgres: one slot, so that two publishes never overlap."""

PUBLISHED = dg.AssetKey("portal_snapshot")
_INPUT = dg.AssetKey("cleaned_events")

TRIGGER = "encore/trigger"
"""Tag that says what started a run."""

BY_COMMAND = {TRIGGER: "command line", "dagster/max_retries": "0"}
"""Tags of a run that a command line executes; the daemon has no code location to try it again in."""

UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
UNLOCKED_SECONDS = 300
"""A started run takes its lock within seconds; one that has none after so long died before."""

DIED = "The process that computed this run ended without a word: it was killed, or its machine went down."


class AlreadyRunningError(Exception):
    """Another command line is computing in the same Dagster home."""


@contextmanager
def only_command(instance: dg.DagsterInstance) -> Iterator[None]:
    """Hold the lock of command lines for a block; the kernel lets go of it however the process ends.

    Raises:
        AlreadyRunningError: another process holds it.
    """
    with (Path(instance.root_directory) / "command-line.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError("Another `make materialize` is at work: wait for its end.") from None
        bury_the_dead(instance)
        yield


def hold_run(instance: dg.DagsterInstance, run_id: str) -> None:
    """Lock a run until this process ends: past its last event, and however the process ends.

    The lock is shared, since an executor may run each step in a process of its own.
    """
    path = _lock_of(instance, run_id)
    path.parent.mkdir(exist_ok=True)
    # locked before it has its name: nobody may find it free
    fresh = path.with_name(f".{run_id}.{os.getpid()}")
    named = path if path.exists() else fresh
    fcntl.flock(os.open(named, os.O_RDWR | os.O_CREAT, 0o600), fcntl.LOCK_SH)
    if named == fresh:
        fresh.replace(path)


def bury_the_dead(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Report as failed each run whose process is gone, free its slots in pools, and return these runs.

    Otherwise Dagster would count such a run for ever, and start no other beside it: its own run monitoring does not
    look after started runs of the default launcher. Runs of a launcher that it does look after are left to it.
    """
    _limit_publishing(instance)
    dead: list[dg.DagsterRun] = []
    if not instance.run_launcher.supports_check_run_worker_health:
        records = instance.get_run_records(dg.RunsFilter(statuses=UNFINISHED))
        dead = [record.dagster_run for record in records if _is_dead(instance, record)]
    for run in dead:
        _fail(instance, run.run_id)
    _forget_finished(instance)
    return dead


def is_any_unfinished(instance: dg.DagsterInstance) -> bool:
    """Whether a run waits or is at work."""
    return bool(instance.get_runs(dg.RunsFilter(statuses=UNFINISHED), limit=1))


def is_portal_behind(instance: dg.DagsterInstance) -> bool:
    """Whether events were ingested after the snapshot was published."""
    # By their places in the log, not by their times: a clock that was set in between would tell it wrong.
    ingested, published = (instance.fetch_materializations(key, limit=1).records for key in (_INPUT, PUBLISHED))
    return bool(ingested) and (not published or published[0].storage_id < ingested[0].storage_id)


def _is_dead(instance: dg.DagsterInstance, record: dg.RunRecord) -> bool:
    """Whether a run's lock is free. Runs that wait or begin have none: Dagster's monitoring ends those that hang."""
    run = record.dagster_run
    if _lock_of(instance, run.run_id).exists():
        return _is_free(_lock_of(instance, run.run_id))
    is_by_command = run.tags.get(TRIGGER) == BY_COMMAND[TRIGGER]  # these take their lock before there is a run
    is_at_work = run.status in (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING)
    began = record.start_time or record.create_timestamp.timestamp()
    return is_by_command or (is_at_work and time.time() - began > UNLOCKED_SECONDS)


def _is_free(path: Path) -> bool:
    with path.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _fail(instance: dg.DagsterInstance, run_id: str) -> None:
    run = instance.get_run_by_id(run_id)
    if run is None or run.is_finished:
        return  # it ended between the look at its status and the look at its lock
    if run.status == dg.DagsterRunStatus.CANCELING:
        instance.report_run_canceled(run, DIED)
    else:
        instance.report_run_failed(run, DIED)
    instance.event_log_storage.free_concurrency_slots_for_run(run_id)


def _forget_finished(instance: dg.DagsterInstance) -> None:
    """Delete the locks of runs that have ended."""
    for path in _lock_of(instance, "").glob("*"):
        run = instance.get_run_by_id(path.name)
        if run is not None and run.is_finished and _is_free(path):
            with suppress(FileNotFoundError):
                path.unlink()


def _limit_publishing(instance: dg.DagsterInstance) -> None:
    """Set the pool's limit before the first run claims a slot.

    Dagster sets the default at the first claim: two runs that claim at once on a new instance would get a slot each.
    """
    storage = instance.event_log_storage
    if PUBLISHING not in {pool.name for pool in storage.get_pool_limits()}:
        storage.initialize_concurrency_limit_to_default(PUBLISHING)


def _lock_of(instance: dg.DagsterInstance, run_id: str) -> Path:
    return Path(instance.root_directory) / "run-locks" / run_id
