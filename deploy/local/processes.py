"""Processes of this machine: identities that survive a reused number, locks between them, and free TCP ports."""

import fcntl
import os
import random
import signal
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.console import LocalError

PROC = Path("/proc")


@dataclass(frozen=True)
class Identity:
    """A process number together with what tells its bearer from a later one with the same number."""

    pid: int
    started: str  # in clock ticks since the boot
    boot: str

    def is_alive(self) -> bool:
        """Tell whether this very process still runs."""
        return identify(self.pid) == self


def identify(pid: int) -> Identity | None:
    """Return the identity of a running process; None when there is none, or only its zombie."""
    fields = _stat(pid)
    if fields is None or fields[0] == "Z":
        return None
    boot = (PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return Identity(pid, fields[19], boot)


def command_line(pid: int) -> list[str]:
    """Return the words of a process's command line; empty when it is gone."""
    try:
        raw = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    return [os.fsdecode(word) for word in raw.split(b"\0") if word]


def session_members(session: int) -> list[int]:
    """Return the living processes of a session, which `start_new_session` numbered after its leader."""
    members = []
    for entry in PROC.iterdir():
        fields = _stat(int(entry.name)) if entry.name.isdigit() else None
        if fields and fields[0] != "Z" and int(fields[3]) == session:
            members.append(int(entry.name))
    return members


def environment_value(pid: int, name: str) -> str | None:
    """Return one variable of a process's environment; None when unset or not ours to read."""
    try:
        raw = (PROC / str(pid) / "environ").read_bytes()
    except OSError:
        return None
    prefix = os.fsencode(name) + b"="
    return next((os.fsdecode(part[len(prefix) :]) for part in raw.split(b"\0") if part.startswith(prefix)), None)


def stop_session(leader: Identity, home: Path, patience: float = 20.0) -> None:
    """End the processes of the session that `leader` opened for `home`, and no others.

    The leader is asked first, so that it can end its children in order; whoever is left after
    `patience` seconds is killed.
    """
    if leader.is_alive():
        _signal(leader.pid, signal.SIGTERM)
        _wait_until_gone(leader, home, patience)
    for strength in (signal.SIGTERM, signal.SIGKILL):
        remaining = _ours(leader, home)
        if not remaining:
            return
        for pid in remaining:
            _signal(pid, strength)
        _wait_until_gone(leader, home, patience / 4)


def _ours(leader: Identity, home: Path) -> list[int]:
    """Return the members of the leader's session that carry our ENCORE_HOME."""
    current = identify(leader.pid)
    if current is not None and current != leader:
        return []  # the number was given to a stranger, who may have a session of the same number
    return [pid for pid in session_members(leader.pid) if environment_value(pid, "ENCORE_HOME") == str(home)]


def _wait_until_gone(leader: Identity, home: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and (leader.is_alive() or _ours(leader, home)):
        time.sleep(0.1)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat from the state on; the name before it may hold blanks."""
    try:
        text = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


HOST = "127.0.0.1"
# below the range that the system hands out to outgoing connections, so a remembered port stays free
SERVICE_RANGE = range(20000, 32000)


def is_free(port: int) -> bool:
    """Tell whether a server could listen on `port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def first_free(wanted: Iterable[int]) -> int:
    """Return the first free port of `wanted`.

    Raises:
        LocalError: none is free.
    """
    tried = []
    for port in wanted:
        if is_free(port):
            return port
        tried.append(port)
    raise LocalError(
        f"No free port between {min(tried)} and {max(tried)} on {HOST}: stop a program that listens there."
    )


def service_port(remembered: int | None = None) -> int:
    """Return the remembered port when it is free, else a random free one of the service range."""
    if remembered and is_free(remembered):
        return remembered
    # many clones may start at once: at random they seldom choose the same
    return first_free(random.sample(SERVICE_RANGE, 50))


@contextmanager
def exclusive(path: Path, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock file `path` alone; call `on_wait` once when somebody else has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if on_wait:
                on_wait()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def share(path: Path) -> int:
    """Note this process as a user of `path` until it ends, across `exec` too.

    Returns:
        The open descriptor; closing it ends the use.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    os.set_inheritable(descriptor, True)
    return descriptor


def is_shared(path: Path) -> bool:
    """Tell whether any process is using `path` at the moment."""
    if not path.exists():
        return False
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
