import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.processes import identify, session_members, stop_session

# a leader that ignores being asked, with a child in the same session
STUBBORN = (
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "print('ready', flush=True); time.sleep(60)"
)


@pytest.fixture
def leader(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    environ = os.environ | {"ENCORE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", STUBBORN]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        for pid in session_members(process.pid):
            os.kill(pid, 9)


def test_the_whole_session_ends_even_if_it_does_not_want_to(leader: subprocess.Popen[str], tmp_path: Path) -> None:
    identity = identify(leader.pid)
    assert identity is not None
    assert identity.is_alive()
    assert len(session_members(leader.pid)) == 2
    stop_session(identity, tmp_path, patience=0.4)
    assert session_members(leader.pid) == []
    assert not identity.is_alive()


def test_orphans_of_a_dead_leader_are_ended(leader: subprocess.Popen[str], tmp_path: Path) -> None:
    identity = identify(leader.pid)
    assert identity is not None
    leader.kill()
    leader.wait()
    assert len(session_members(leader.pid)) == 1
    stop_session(identity, tmp_path, patience=0.4)
    assert session_members(leader.pid) == []


def test_a_stranger_with_the_same_number_is_spared(leader: subprocess.Popen[str], tmp_path: Path) -> None:
    identity = identify(leader.pid)
    assert identity is not None
    earlier = dataclasses.replace(identity, started="1")
    stop_session(earlier, tmp_path, patience=0.1)
    assert len(session_members(leader.pid)) == 2


def test_processes_of_another_home_are_spared(leader: subprocess.Popen[str], tmp_path: Path) -> None:
    identity = identify(leader.pid)
    assert identity is not None
    leader.kill()
    leader.wait()
    stop_session(identity, tmp_path / "other", patience=0.1)
    assert len(session_members(leader.pid)) == 1
