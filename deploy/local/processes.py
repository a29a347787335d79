"""Which process is which: identities that survive a reused process number."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

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
