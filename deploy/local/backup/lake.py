"""The lake in a backup: locked as steps lock it, listed, and exchanged."""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.console import LocalError
from deploy.local.settings import Settings

LOCK = ".lock"
"""The file that a step holds while it works (docs/adr/0024)."""
ARRIVING, LEAVING, LEFT = ".restore-arriving", ".restore-leaving", ".restore-left"
"""Where a restore keeps what comes, what goes, and what has gone: all of it, from then on only what comes is moved."""
PATIENCE_S = 900.0


@contextmanager
def locked(
    lake: Path, who: str, on_wait: Callable[[str], None], patience: float = PATIENCE_S, pause: float = 1.0
) -> Iterator[None]:
    """Keep steps out of a lake, which are then told `who` is at work there; a step under way is waited for.

    Raises:
        LocalError: it has not ended after `patience` seconds; the text says which it is.
    """
    lake.mkdir(parents=True, exist_ok=True)
    lock = os.open(lake / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(lock, lake, on_wait, patience, pause)
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{who} of process {os.getpid()}".encode(), 0)
        yield
    finally:
        os.close(lock)


def _take(lock: int, lake: Path, on_wait: Callable[[str], None], patience: float, pause: float) -> None:
    until, has_told = time.monotonic() + patience, False
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 200, 0).decode() or "A step"
        if time.monotonic() >= until:
            raise LocalError(f"{holder} is at work in the lake {lake}: wait for its end, then run again.")
        if not has_told:
            on_wait(f"{holder} is at work in the lake, and waited for")
            has_told = True
        time.sleep(pause)


def names_of(lake: Path) -> list[str]:
    """Return the files of a lake by their paths from it, in order; without the lock and what a restore left."""
    found = (path.relative_to(lake) for path in lake.rglob("*") if not path.is_dir())
    return sorted(name.as_posix() for name in found if not _is_ours(name.parts[0]))


def exchange(lake: Path) -> None:
    """Put what has arrived in `ARRIVING` into the place of the lake's content, which moves to `LEFT`.

    By the lake's entries, not by the lake itself: it may be a mount, and its lock stays the same file.
    """
    (lake / LEAVING).mkdir()
    _move(_entries(lake), lake / LEAVING)
    (lake / LEAVING).rename(lake / LEFT)
    _move(sorted((lake / ARRIVING).iterdir()), lake)


def take_back(lake: Path) -> None:
    """Undo an `exchange`, also one that was cut off; does nothing where there was none."""
    if (lake / LEFT).exists():
        (lake / ARRIVING).mkdir(exist_ok=True)
        _move(_entries(lake), lake / ARRIVING)
        (lake / LEFT).rename(lake / LEAVING)
    if (lake / LEAVING).exists():
        _move(sorted((lake / LEAVING).iterdir()), lake)
        (lake / LEAVING).rmdir()


def is_halfway(lake: Path) -> bool:
    """Tell whether a restore was cut off while it exchanged the lake's content."""
    return (lake / LEAVING).exists() or (lake / LEFT).exists()


def clear(lake: Path) -> None:
    """Delete what a restore has no more use for."""
    for name in (ARRIVING, LEAVING, LEFT):
        shutil.rmtree(lake / name, ignore_errors=True)


def _move(entries: list[Path], folder: Path) -> None:
    for entry in entries:
        entry.rename(folder / entry.name)


def _entries(lake: Path) -> list[Path]:
    return sorted(entry for entry in lake.iterdir() if not _is_ours(entry.name))


def _is_ours(name: str) -> bool:
    return name in (LOCK, ARRIVING, LEAVING, LEFT)


_HELD = "held"


@contextmanager
def leased(
    settings: Settings, who: str, on_wait: Callable[[str], None], patience: float = PATIENCE_S
) -> Iterator[None]:
    """Keep steps out of a lake in an object store, which are then told `who` is at work there, see `lake_files.locked`.

    Raises:
        LocalError: a step has not ended after `patience` seconds, S3 refuses, or the lake was not kept to the end.
    """
    command = [sys.executable, "-m", "spark_assets.lake.lock", settings.lake, who, f"--patience={patience}"]
    with subprocess.Popen(
        command,
        cwd=settings.root,
        env=dict(settings.environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as holder:
        is_held = _waits_until_held(holder, on_wait)
        try:
            if is_held:
                yield
        finally:
            _, complaints = holder.communicate()  # ends its standard input, and the lease with that
        if holder.returncode or not is_held:
            raise LocalError(_last_line(complaints) or f"What held the lake ended with code {holder.returncode}.")


def _waits_until_held(holder: "subprocess.Popen[str]", on_wait: Callable[[str], None]) -> bool:
    """Return whether the lake is held; else the holder has ended."""
    for line in holder.stdout or ():
        if line.strip() == _HELD:
            return True
        on_wait(line.strip())
    return False


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]
