"""A lake that an earlier version of Encore wrote: tables are computed anew, and what cannot be is named with its cure.

The earlier version is made of today's files, without a column that it did not know.
"""

import stat
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from spark_assets.errors import DamagedFileError, MissingColumnsError
from spark_assets.lake.tables import read_daily_activity
from spark_assets.steps.churn_scores import _require_features
from spark_assets.steps.runner import run_step
from spark_assets.steps.settings import StepParams
from tests.spark_assets.ingest.samples import NOON, drop, line, text

DAY_MS = 86_400_000


@pytest.fixture
def params(spark: SparkSession, tmp_path: Path) -> StepParams:
    made = StepParams(str(tmp_path / "inbox"), str(tmp_path / "lake"), quiet_seconds=0)
    drop(tmp_path / "inbox", "a.json", text([line(ts=NOON), line(ts=NOON + 1), line(ts=NOON + DAY_MS)]))
    run_step("ingest_logs", spark, made)
    run_step("daily_activity", spark, made)
    return made


def _forget_column(lake: str, table: str, column: str) -> None:
    """Write the files of a table as a version wrote them that did not know the column."""
    for path in Path(lake, table).rglob("*.parquet"):
        pq.write_table(pq.ParquetFile(path).read().drop_columns([column]), path)
        path.with_name(f".{path.name}.crc").unlink(missing_ok=True)


def test_days_without_a_new_column_are_computed_anew(spark: SparkSession, params: StepParams) -> None:
    before = sorted(map(str, read_daily_activity(spark, params.lake).collect()))
    _forget_column(params.lake, "daily_activity", "listening_micros")
    drop(Path(params.inbox), "b.json", text([line(ts=NOON + 2 * DAY_MS)]))
    run_step("ingest_logs", spark, params)
    assert run_step("daily_activity", spark, params).facts["days_recomputed"] == 3
    table = read_daily_activity(spark, params.lake)
    assert sorted(map(str, table.where("event_date < '2018-12-03'").collect())) == before
    assert run_step("user_features", spark, params).rows == 1
    assert run_step("daily_activity", spark, params).facts["days_recomputed"] == 0


def test_events_without_a_new_column_are_named_with_their_batch(spark: SparkSession, params: StepParams) -> None:
    _forget_column(params.lake, "cleaned_events", "artist")
    drop(Path(params.inbox), "b.json", text([line(ts=NOON), line(ts=NOON + 2, song="b")]))
    with pytest.raises(DamagedFileError) as told:
        run_step("ingest_logs", spark, params)
    assert "was written by an earlier version of Encore, without artist. See that the log files of batch 1" in str(
        told.value
    )
    assert "withdraw_batch with batch 1" in str(told.value)


def test_features_that_a_model_needs_are_named(spark: SparkSession) -> None:
    with pytest.raises(MissingColumnsError, match=r"2018-12-02\.1 needs the features songs_9d, which .*user_features"):
        _require_features("2018-12-02.1", ["id", "songs_9d"], spark.range(1))


def test_files_of_the_lake_are_their_owners_alone(spark: SparkSession, tmp_path: Path, params: StepParams) -> None:
    lake = Path(params.lake)
    run_step("user_features", spark, params)
    lake.chmod(0o755)  # as earlier versions left it
    run_step("inspect_events", spark, params)
    modes = {
        path.relative_to(tmp_path): stat.S_IMODE(path.stat().st_mode)
        for path in [lake, *lake.rglob("*")]
        if path.exists()
    }
    assert {
        name: oct(mode) for name, mode in modes.items() if mode != (0o700 if (tmp_path / name).is_dir() else 0o600)
    } == {}
