"""SIGKILL in the midst of a step, then the same step again: the tables are those of a run that nobody disturbed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.jobs.params import StepParams
from spark_assets.jobs.steps import run_step
from spark_assets.lake import read_daily_activity, read_events
from tests.spark_assets.ingest.samples import NOON, drop, line, text
from tests.webportal.browser.harness import ROOT

DAY = 86_400_000
FILES, LINES = 24, 1_500
PATIENCE_SECONDS = 120

PROGRAM = """
import sys
from spark_assets.jobs.params import StepParams
from spark_assets.jobs.steps import run_step
from spark_assets.session import build_session

step, inbox, lake = sys.argv[1:]
run_step(step, build_session("killed"), StepParams(inbox=inbox, lake=lake, quiet_seconds=0))
"""


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some 15 MB of logs: enough for several tasks and days, with a bad line in each file."""
    folder = tmp_path_factory.mktemp("inbox")
    for number in range(FILES):
        events = [
            line(
                ts=NOON + number % 6 * DAY + place * 1_000,
                userId=str(place % 97),
                itemInSession=place,
                sessionId=number,
            )
            for place in range(LINES)
        ]
        drop(folder, f"{number:02d}.json", text([*events, b"{broken"]))
    return folder


def params(inbox: Path, lake: Path) -> StepParams:
    return StepParams(inbox=str(inbox), lake=str(lake), quiet_seconds=0)


@pytest.fixture(scope="module")
def undisturbed(spark: SparkSession, inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake: Path = tmp_path_factory.mktemp("undisturbed")
    for step in ("ingest_logs", "daily_activity"):
        run_step(step, spark, params(inbox, lake))
    return lake


def kill_when(step: str, inbox: Path, lake: Path, reached: Callable[[], bool]) -> None:
    """Run a step in a process of its own, and kill it with all its children at once when a point is reached."""
    command = [sys.executable, "-c", PROGRAM, step, str(inbox), str(lake)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        until = time.monotonic() + PATIENCE_SECONDS
        while not reached() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        assert process.poll() is None, "the step was over before it could be killed"
        assert reached()
        os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


def rows(spark: SparkSession, lake: Path) -> tuple[list[str], list[str]]:
    """Events (whatever file brought them) and sums per day, each as sorted texts."""
    events = read_events(spark, str(lake)).drop("source", "batch")
    daily = read_daily_activity(spark, str(lake))
    ordered = daily.select(*sorted(daily.columns))
    return sorted(map(repr, events.collect())), sorted(map(repr, ordered.collect()))


def assert_same_tables(spark: SparkSession, lake: Path, undisturbed: Path) -> None:
    events, daily = rows(spark, lake)
    assert len(events) == FILES * LINES
    assert (events, daily) == rows(spark, undisturbed)


@pytest.mark.parametrize("written", [1, 6])
def test_ingest_killed_while_it_writes_events(
    spark: SparkSession, inbox: Path, undisturbed: Path, tmp_path: Path, written: int
) -> None:
    lake = tmp_path / "lake"
    kill_when("ingest_logs", inbox, lake, lambda: len(list(lake.rglob("cleaned_events/**/*.parquet"))) >= written)
    assert not list(lake.rglob("ledger/*.json"))
    result = run_step("ingest_logs", spark, params(inbox, lake))
    assert result.facts["total"]["quarantined"] == FILES
    run_step("daily_activity", spark, params(inbox, lake))
    assert_same_tables(spark, lake, undisturbed)


def test_daily_activity_killed_while_it_writes_days(
    spark: SparkSession, inbox: Path, undisturbed: Path, tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    run_step("ingest_logs", spark, params(inbox, lake))
    kill_when("daily_activity", inbox, lake, lambda: bool(list(lake.glob("daily_activity/run=*"))))
    run_step("daily_activity", spark, params(inbox, lake))
    assert_same_tables(spark, lake, undisturbed)
