"""Programs of our own that a test kills, with all their children at once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 400  # a training on two busy cores

STEP = """
import json, sys
from spark_assets.steps.settings import StepParams
from spark_assets.steps.runner import run_step
from spark_assets.session import build_session

run_step(sys.argv[1], build_session("drill"), StepParams(**json.loads(sys.argv[2])))
"""
"""Runs one step, of a name, with params as JSON."""


@contextmanager
def started(program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start a Python program in a process group of its own; whatever is left of it at the end is killed."""
    command = [sys.executable, "-c", program, *arguments]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def wait_until(reached: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait until a program has reached a point; it must not end before."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        assert process.poll() is None, f"the program ended before:\n{process.stderr and process.stderr.read()}"
        assert time.monotonic() < until, f"the point was not reached within {PATIENCE_SECONDS} s"
        time.sleep(0.005)


def kill(process: subprocess.Popen[str]) -> None:
    """SIGKILL for the program and its children; none of them can say a word."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.returncode == -signal.SIGKILL


def kill_when(reached: Callable[[], bool], program: str, *arguments: str) -> None:
    """Run a program and kill it when a point is reached."""
    with started(program, *arguments) as process:
        wait_until(reached, process)
        kill(process)
