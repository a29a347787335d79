import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from spark_assets.errors import LakeBusyError
from spark_assets.lake.lock import only_step

ROOT = Path(__file__).parents[3]
PATIENCE_S = 60
WAITER = """
import subprocess, sys, time
holder = subprocess.Popen([sys.executable, *sys.argv[1:]], stdin=subprocess.PIPE)
time.sleep(600)
"""


@contextmanager
def started(*command: str) -> Iterator[subprocess.Popen[str]]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, *command], cwd=ROOT, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.kill()


def holder(lake: Path, patience: int = 0) -> list[str]:
    return ["-m", "spark_assets.lake.lock", str(lake), "A backup", f"--patience={patience}"]


def test_steps_are_kept_out_until_its_input_ends(tmp_path: Path) -> None:
    with started(*holder(tmp_path)) as process:
        assert process.stdout.readline() == "held\n"
        told = f"A backup of process {process.pid} is at work"
        with pytest.raises(LakeBusyError, match=told), only_step(str(tmp_path), "daily_activity"):
            pytest.fail("never reached")
        process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0
    with only_step(str(tmp_path), "daily_activity"):
        pass


def test_it_ends_with_who_started_it_even_if_that_is_killed(tmp_path: Path) -> None:
    with started("-c", WAITER, *holder(tmp_path)) as process:
        assert process.stdout.readline() == "held\n"
        os.kill(process.pid, signal.SIGKILL)
        assert process.stdout.read() == ""  # which the holder has as its own, until its end
    with only_step(str(tmp_path), "daily_activity"):
        pass


def test_a_step_under_way_is_waited_for_as_long_as_it_was_told(tmp_path: Path) -> None:
    told = f"Step daily_activity of process {os.getpid()} is at work in the lake {tmp_path}: wait for its end"
    with ExitStack() as step:
        step.enter_context(only_step(str(tmp_path), "daily_activity"))
        with started(*holder(tmp_path)) as impatient:
            said, complained = impatient.communicate(timeout=PATIENCE_S)
            assert (impatient.returncode, said) == (1, "")
            assert complained.startswith(told)
        with started(*holder(tmp_path, patience=PATIENCE_S)) as patient:
            assert patient.stdout.readline().startswith(told)
            step.close()
            assert patient.stdout.readline() == "held\n"
