"""Signals that ask to end are taken, and cut a pause short."""

import signal
import subprocess
import sys

import pytest

WAITING = """
from webportal.operations.health_server import Ending
ending = Ending()
print("waits", flush=True)
while not ending.is_asked_for:
    ending.wait(600)
print("has ended", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_pause_is_cut_short(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", WAITING], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waits\n"
        process.send_signal(number)
        rest, _ = process.communicate(timeout=60)
    assert (rest, process.returncode) == ("has ended\n", 0)
