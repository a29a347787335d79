"""One step at a time in a lake: steps replace tables that other steps read."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from spark_assets import storage
from spark_assets.errors import LakeBusyError

_FILE = ".lock"


@contextmanager
def only_step(lake: str, step: str) -> Iterator[None]:
    """Hold the lock of a lake for a block; the kernel lets go of it however the process ends.

    An object store has no such lock: there, Dagster's queue and the lock of command lines keep runs apart.

    Raises:
        LakeBusyError: another step holds it; the text says which.
    """
    folder = storage.local_path(lake)
    if folder is None:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    # No buffered file: on a full disk, closing one fails with what could not be written.
    lock = os.open(folder / _FILE, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _hold(lock, lake)
        with suppress(OSError):  # without room the lock holds all the same, only nobody knows whose it is
            os.ftruncate(lock, 0)
            os.write(lock, f"Step {step} of process {os.getpid()}".encode())
        yield
    finally:
        os.close(lock)


def _hold(lock: int, lake: str) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 200).decode() or "Another step"
        raise LakeBusyError(f"{holder} is at work in the lake {lake}: wait for its end, then run again.") from None
