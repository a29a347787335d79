"""Runs that the command line executes in its own process: known by a tag and a lock, so that none seems to run on."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from orchestration.conditions import PUBLISHING

TRIGGER = "encore/trigger"
"""Tag that says what started a run."""

BY_COMMAND = {TRIGGER: "command line"}

UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


class AlreadyRunningError(Exception):
    """Another command line is computing in the same Dagster home."""


@contextmanager
def only_command(instance: dg.DagsterInstance) -> Iterator[None]:
    """Hold the lock of command lines for a block; the kernel lets go of it however the process ends.

    Raises:
        AlreadyRunningError: another process holds it.
    """
    with _lock_file(instance).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError("Another `make materialize` is at work: wait for its end.") from None
        _bury_the_dead(instance)
        _limit_publishing(instance)
        yield


def bury_the_dead(instance: dg.DagsterInstance) -> None:
    """Report as failed what a killed command line left behind as running, and free its slots in pools.

    Otherwise Dagster would count such a run for ever, and start no other beside it.
    """
    try:
        with only_command(instance):
            return
    except AlreadyRunningError:
        return


def is_any_unfinished(instance: dg.DagsterInstance) -> bool:
    """Whether a run waits or is at work."""
    return bool(instance.get_runs(dg.RunsFilter(statuses=UNFINISHED), limit=1))


def _bury_the_dead(instance: dg.DagsterInstance) -> None:
    for run in instance.get_runs(dg.RunsFilter(statuses=UNFINISHED, tags=BY_COMMAND)):
        instance.report_run_failed(run, "The command line that computed this run was killed.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def _limit_publishing(instance: dg.DagsterInstance) -> None:
    """Set the pool's limit before the first run claims a slot.

    Dagster sets the default at the first claim: two runs that claim at once on a new instance would get a slot each.
    """
    storage = instance.event_log_storage
    if PUBLISHING not in {pool.name for pool in storage.get_pool_limits()}:
        storage.initialize_concurrency_limit_to_default(PUBLISHING)


def _lock_file(instance: dg.DagsterInstance) -> Path:
    return Path(instance.root_directory) / "command-line.lock"
