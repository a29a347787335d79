"""One step at a time in a lake: steps replace tables that other steps read."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path

from spark_assets import storage
from spark_assets.errors import LakeBusyError
from spark_assets.lake_lease import leased

_FILE = ".lock"


def only_step(lake: str, step: str, stop: Callable[[], object] = lambda: None) -> AbstractContextManager[None]:
    """Hold the lock of a lake for a block that is a step, see `held`."""
    return held(lake, f"Step {step}", stop)


def held(lake: str, who: str, stop: Callable[[], object] = lambda: None) -> AbstractContextManager[None]:
    """Hold the lock of a lake for a block.

    On disk the kernel keeps it, and lets go of it however the process ends. On S3 it is a lease, which can be lost:
    `stop` is called then, to have what is under way end sooner. Other stores have no lock: there, Dagster's queue and
    the lock of command lines keep runs apart.

    Raises:
        LakeBusyError: another step holds it; the text says which.
        LeaseLostError: the lease was lost before the block had ended.
        PassingError: S3 cannot be reached.
        SettingsError: S3 refuses the lease.
    """
    folder = storage.local_path(lake)
    if folder is not None:
        return _locked(folder, lake, who)
    place = storage.s3_place(lake)
    return nullcontext() if place is None else leased(place, who, stop)


@contextmanager
def _locked(folder: Path, lake: str, who: str) -> Iterator[None]:
    storage.make_private(folder)
    with suppress(OSError):  # not ours: whose it is decides
        folder.chmod(0o700)  # lakes of earlier versions were open to everybody on the machine
    # No buffered file: on a full disk, closing one fails with what could not be written.
    lock = os.open(folder / _FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _hold(lock, lake)
        with suppress(OSError):  # without room the lock holds all the same, only nobody knows whose it is
            os.ftruncate(lock, 0)
            os.write(lock, f"{who} of process {os.getpid()}".encode())
        yield
    finally:
        os.close(lock)


def _hold(lock: int, lake: str) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 200).decode() or "Another step"
        raise LakeBusyError(f"{holder} is at work in the lake {lake}: wait for its end, then run again.") from None
