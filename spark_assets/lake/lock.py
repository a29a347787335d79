"""The lock of a lake: one step at a time, since steps replace tables that other steps read.

`python -m spark_assets.lake.lock LAKE WHO` keeps steps out of a lake for another program, until its input ends."""

import argparse
import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path

from spark_assets.errors import EncoreError, LakeBusyError
from spark_assets.lake import storage
from spark_assets.lake.s3_lease import leased

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


_PAUSE_S = 1.0


def main(arguments: Sequence[str] | None = None, clock: Callable[[], float] = time.monotonic) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="hold_lake", description=__doc__)
    parser.add_argument("lake")
    parser.add_argument("who", help="what the others are told is at work, as in `A backup`")
    parser.add_argument("--patience", type=float, default=0.0, help="seconds that a step under way is waited for")
    options = parser.parse_args(arguments)
    until, has_told = clock() + options.patience, False
    while True:
        try:
            with held(options.lake, options.who):
                _say("held")
                sys.stdin.read()
            return 0
        except LakeBusyError as error:
            if clock() >= until:
                return _complain(error)
            if not has_told:
                _say(str(error))
                has_told = True
            time.sleep(_PAUSE_S)
        except EncoreError as error:
            return _complain(error)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _complain(error: EncoreError) -> int:
    sys.stderr.write(f"{error}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
