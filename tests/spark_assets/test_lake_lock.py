import os
import subprocess
import sys
from pathlib import Path

import pytest

from spark_assets.errors import LakeBusyError, PassingError
from spark_assets.lake_lock import only_step

DIE_WITH_THE_LOCK = """
import os, signal, sys
from spark_assets.lake_lock import only_step

with only_step(sys.argv[1], "ingest_logs"):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_second_step_is_told_who_is_at_work(tmp_path: Path) -> None:
    lake = str(tmp_path / "lake")
    with only_step(lake, "ingest_logs"):
        told = f"Step ingest_logs of process {os.getpid()} is at work in the lake {lake}: wait for its end"
        with pytest.raises(LakeBusyError, match=told), only_step(lake, "daily_activity"):
            pytest.fail("never reached")
    with only_step(lake, "daily_activity"):
        pass


def test_it_passes_by_itself() -> None:
    assert issubclass(LakeBusyError, PassingError)


def test_a_killed_step_holds_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", DIE_WITH_THE_LOCK, str(tmp_path)]
    assert subprocess.run(command, check=False, cwd=Path(__file__).parents[2]).returncode == -9
    with only_step(str(tmp_path), "ingest_logs"):
        pass


def test_an_object_store_has_no_lock() -> None:
    lake = "s3://bucket/lake?region=eu-west-1"
    with only_step(lake, "ingest_logs"), only_step(lake, "ingest_logs"):
        pass
