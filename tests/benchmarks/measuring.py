"""Whole processes measured from outside: wall seconds, and the most memory that Java and Python held."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SEED = 1
_POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Logs:
    """Simulated logs: their size, and the listeners and days they were simulated with."""

    folder: Path
    gigabytes: float
    users: int
    days: int


@dataclass
class Run:
    """Seconds of a process, peak resident megabytes by program, and what it printed."""

    seconds: float
    printed: str
    peak_mb: dict[str, float] = field(default_factory=dict)

    @property
    def told(self) -> Any:  # noqa: ANN401 - JSON is any
        """What the program told in JSON on its last line."""
        return json.loads(self.printed.strip().splitlines()[-1])


def simulate(folder: Path, users: int, days: int) -> Logs:
    """Simulated plain logs in `folder`; those of an earlier run there are used again."""
    if not folder.exists():
        arguments = ["--users", users, "--days", days, "--seed", SEED, "--out", folder, "--plain"]
        measure([sys.executable, "-m", "spark_assets.simulation", *map(str, arguments)])
    size = sum(path.stat().st_size for path in folder.glob("*.json"))
    return Logs(folder, size / 1e9, users, days)


def measure(command: list[str], environ: Mapping[str, str] | None = None) -> Run:
    """Run a command in the repository and measure it with all its children; its errors fail the test."""
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    peaks: dict[str, float] = {}
    watching = threading.Thread(target=_watch, args=(process, peaks), daemon=True)
    watching.start()
    printed, _ = process.communicate()
    seconds = time.monotonic() - started
    watching.join()
    assert process.returncode == 0, printed[-3000:]
    return Run(seconds, printed, peaks)


def table(title: str, rows: list[tuple[str, ...]]) -> None:
    """Print rows in columns; the first row heads them."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    sys.stdout.write(f"\n\n{title}\n")
    for row in rows:
        sys.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n")


def _watch(process: "subprocess.Popen[str]", peaks: dict[str, float]) -> None:
    while process.poll() is None:
        for pid in _family(process.pid):
            name, megabytes = _peak(pid)
            peaks[name] = max(peaks.get(name, 0.0), megabytes)
        time.sleep(_POLL_SECONDS)


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        children += [
            child
            for task in Path(f"/proc/{pid}/task").iterdir()
            if task.name != str(pid)
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _peak(pid: int) -> tuple[str, float]:
    try:
        status = dict(
            line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line
        )
    except OSError:
        return "gone", 0.0
    name = status["Name"].strip()
    return ("python" if name.startswith("python") else name), int(status.get("VmHWM", "0 kB").split()[0]) / 1024
