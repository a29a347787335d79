"""Output of `make up` at the terminal: its steps, their progress, and errors for a person."""

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

TAIL_LINES = 15


class LocalError(Exception):
    """Something the user can put right; its text says what happened and what to do."""


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """Return the last lines of a log, indented, for showing below a message."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines()[-lines:])


LABEL_WIDTH = 12


def say(text: str = "") -> None:
    """Print one line at once, also into a pipe."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print a message on standard error."""
    print(text, file=sys.stderr, flush=True)


@dataclass
class Progress:
    """Prints each step with the seconds since the start."""

    clock: Callable[[], float] = time.monotonic
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    def line(self, label: str, text: str) -> None:
        """Print `[ 12 s] label  text`."""
        say(f"[{self.clock() - self.started:4.0f} s] {label:<{LABEL_WIDTH}} {text}")


def box(lines: Sequence[str]) -> str:
    """Return the lines with a frame around them."""
    width = max(len(line) for line in lines)
    edge = "+" + "-" * (width + 4) + "+"
    body = [f"|  {line:<{width}}  |" for line in lines]
    return "\n".join([edge, *body, edge])


HEARTBEAT_S = 15.0


@dataclass(frozen=True)
class Step:
    """A command of the project that `make up` runs to its end."""

    name: str
    command: Sequence[str]
    hint: str  # what to do when it fails
    is_secret: bool = False  # its output is returned and written nowhere
    success_codes: Sequence[int] = (0,)


def run_step(
    step: Step,
    environ: Mapping[str, str],
    folder: Path,
    log: Path,
    show: Callable[[str], None],
    heartbeat: float = HEARTBEAT_S,
) -> list[str]:
    """Run a step, hand each line it prints to `show`, and return the lines.

    Its errors and warnings go to `log` only. After `heartbeat` silent seconds `show` says that it still works.

    Raises:
        LocalError: it ended with an error; the message names the step, its log's last lines and what to do.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(step.command),
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
            errors="replace",
        )
        lines = _follow(process, None if step.is_secret else log, show, heartbeat)
    code = process.wait()
    if code not in step.success_codes:
        raise LocalError(
            f"Step '{step.name}' failed with exit code {code}. The end of its log {log}:\n{tail(log)}\n  {step.hint}"
        )
    return lines


def _follow(
    process: subprocess.Popen[str], log: Path | None, show: Callable[[str], None], heartbeat: float
) -> list[str]:
    """Collect the lines a process prints until it ends."""
    arrived: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_read, args=(process.stdout, arrived), daemon=True).start()
    lines: list[str] = []
    while True:
        try:
            line = arrived.get(timeout=heartbeat)
        except queue.Empty:
            if process.poll() is not None:
                return lines  # what keeps its output open is a child it left behind
            show("... still at work")
            continue
        if line is None:
            return lines
        lines.append(line)
        if log is None:
            continue
        show(line)
        # opened anew for each line: the process writes its errors to the same file
        with log.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _read(stream: IO[str] | None, arrived: "queue.Queue[str | None]") -> None:
    for line in stream or ():
        arrived.put(line.rstrip())
    arrived.put(None)
