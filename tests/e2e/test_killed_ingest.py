"""SIGKILL in the midst of a step, then the same step again: the tables are those of a run that nobody disturbed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.steps.runner import run_step
from tests.e2e.killing import STEP, kill_when
from tests.e2e.lakes import drop_logs, params, rows

pytestmark = pytest.mark.slow("a drill: SIGKILL within ingest")

FILES, LINES = 24, 1_500


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some 15 MB of logs: enough for several tasks and days, with a bad line in each file."""
    folder = tmp_path_factory.mktemp("inbox")
    drop_logs(folder, range(FILES), LINES)
    return folder


@pytest.fixture(scope="module")
def undisturbed(spark: SparkSession, inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake: Path = tmp_path_factory.mktemp("undisturbed")
    for step in ("ingest_logs", "daily_activity"):
        run_step(step, spark, params(inbox, lake))
    return lake


def kill_step_when(reached: Callable[[], bool], step: str, inbox: Path, lake: Path) -> None:
    kill_when(reached, STEP, step, json.dumps(params(inbox, lake).as_dict()))


def assert_same_tables(spark: SparkSession, lake: Path, undisturbed: Path) -> None:
    events, daily = rows(spark, lake)
    assert len(events) == FILES * LINES
    assert (events, daily) == rows(spark, undisturbed)


@pytest.mark.parametrize("written", [1, 6])
def test_ingest_killed_while_it_writes_events(
    spark: SparkSession, inbox: Path, undisturbed: Path, tmp_path: Path, written: int
) -> None:
    lake = tmp_path / "lake"
    kill_step_when(lambda: len(list(lake.rglob("cleaned_events/**/*.parquet"))) >= written, "ingest_logs", inbox, lake)
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
    kill_step_when(lambda: bool(list(lake.glob("daily_activity/run=*"))), "daily_activity", inbox, lake)
    run_step("daily_activity", spark, params(inbox, lake))
    assert_same_tables(spark, lake, undisturbed)
