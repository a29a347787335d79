import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.local.backup.lake import leased
from deploy.local.console import LocalError
from deploy.local.settings import Settings, resolve
from spark_assets.errors import LakeBusyError
from spark_assets.lake.lock import only_step
from tests.aws import bucket, moto_server
from tests.lakes_on_s3 import BUCKET, address, put, written


@pytest.fixture(scope="module")
def variables() -> Iterator[dict[str, str]]:
    with moto_server() as found:
        yield found


@pytest.fixture
def on_s3(variables: dict[str, str], tmp_path: Path) -> Iterator[Settings]:
    with bucket(BUCKET, variables):
        environ = dict(os.environ) | {"ENCORE_HOME": str(tmp_path), "ENCORE_LAKE": address(variables)}
        yield resolve(environ, tmp_path)


def silent(_: str) -> None:
    return


def test_a_backup_keeps_steps_out_which_are_told_so(on_s3: Settings) -> None:
    with leased(on_s3, "A backup", silent):
        refused = pytest.raises(LakeBusyError, match=r"A backup of process \d+ on \S+ is at work")
        with refused, only_step(on_s3.lake, "daily_activity"):
            pytest.fail("never reached")
    assert written() is None


def test_a_step_that_does_not_end_is_named(on_s3: Settings) -> None:
    with only_step(on_s3.lake, "daily_activity"):
        refused = pytest.raises(LocalError, match=f"^Step daily_activity of process {os.getpid()} on .* is at work in")
        with refused, leased(on_s3, "A backup", silent, patience=0):
            pytest.fail("never reached")


def test_a_step_that_ends_is_waited_for(on_s3: Settings) -> None:
    told: list[str] = []
    with ExitStack() as step:
        step.enter_context(only_step(on_s3.lake, "daily_activity"))

        def end_it(text: str) -> None:
            told.append(text)
            step.close()

        with leased(on_s3, "A backup", end_it):
            assert written()["who"] == "A backup"
    assert len(told) == 1
    assert told[0].startswith("Step daily_activity of process")


def test_a_lake_that_was_lost_meanwhile_makes_no_backup(on_s3: Settings) -> None:
    with pytest.raises(LocalError, match=r"^A backup could not keep the lake"), leased(on_s3, "A backup", silent):
        put(b"somebody's")


def test_what_s3_refuses_is_said(on_s3: Settings, variables: dict[str, str]) -> None:
    elsewhere = resolve(dict(on_s3.environ) | {"ENCORE_LAKE": address(variables, "nobodys")}, on_s3.home)
    refused = pytest.raises(LocalError, match=r"^The lake s3://nobodys/encore cannot be locked: NoSuchBucket\.$")
    with refused, leased(elsewhere, "A backup", silent):
        pytest.fail("never reached")
