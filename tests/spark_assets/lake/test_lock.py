import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from spark_assets.errors import LakeBusyError, PassingError
from spark_assets.lake.lock import held, only_step
from tests.aws import REGION, bucket, moto_server

DIE_WITH_THE_LOCK = """
import os, signal, sys
from spark_assets.lake.lock import only_step

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


@pytest.mark.parametrize("end", ["?region={region}&scheme=http&endpoint_override={endpoint}", ""])
def test_a_lake_on_s3_is_leased(end: str) -> None:
    with moto_server() as variables, bucket("lakes", variables):
        lake = "s3://lakes/encore" + end.format(region=REGION, endpoint=urlsplit(variables["AWS_ENDPOINT_URL"]).netloc)
        with only_step(lake, "ingest_logs"):
            refused = pytest.raises(LakeBusyError, match=f"Step ingest_logs of process {os.getpid()} on ")
            with refused, only_step(lake, "daily_activity"):
                pytest.fail("never reached")
        with held(lake, "A backup"):
            pass


def test_other_stores_have_no_lock() -> None:
    with only_step("mock:///lake", "ingest_logs"), only_step("mock:///lake", "ingest_logs"):
        pass
