"""A customer on the do-not-load list, and every table that is computed from the events."""

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from spark_assets.erasure.tables import forget_in_tables
from spark_assets.lake.do_not_load import DoNotLoad, with_numbers
from spark_assets.lake.schema import CHURN_SCORES, PAST_FEATURES, PAST_SCORES
from spark_assets.lake.tables import as_of_folder, read_table, read_version, replace_table, table_info

LISTED = with_numbers(DoNotLoad("salt"), ["7"])
DAY = date(2018, 11, 30)
SCHEMA = "user_id string, seen_at timestamp, on date, parts array<struct<f: string, x: double>>, x double"


def _write(spark: SparkSession, lake: str, name: str, *numbers: str, keep: tuple[str, ...] = ()) -> str:
    """Write a version of a table with a row for each number; returns its folder."""
    seen_at = datetime(2018, 11, 30, 21, 5, 0, 250_001, tzinfo=UTC)
    rows = [(number, seen_at, DAY, [("songs", 0.5)], 0.5) for number in numbers]
    replace_table(spark.createDataFrame(rows, SCHEMA), lake, name, {"k": 1}, keep=keep)
    return str(table_info(lake, name)["folder"])


def _held(lake: Path) -> set[str]:
    """Customers in any file of the lake."""
    return {row for path in lake.rglob("*.parquet") for row in pq.ParquetFile(path).read()["user_id"].to_pylist()}


def test_every_table_and_kept_version_is_rid_of_the_customer(spark: SparkSession, tmp_path: Path) -> None:
    lake = str(tmp_path)
    names = [as_of_folder(PAST_FEATURES, DAY), as_of_folder(PAST_SCORES, DAY)]
    for name in names:
        _write(spark, lake, name, "7", "8")
    old = _write(spark, lake, CHURN_SCORES, "7", "8")
    _write(spark, lake, CHURN_SCORES, "7", "8", "9", keep=(old,))
    before = {name: (table_info(lake, name), read_table(spark, lake, name).where("user_id = '8'").collect())
              for name in (*names, CHURN_SCORES)}  # fmt: skip
    assert len(forget_in_tables(spark, lake, LISTED)) >= 4
    assert _held(tmp_path) == {"8", "9"}
    for name, (notes, row) in before.items():
        assert table_info(lake, name) == notes
        assert read_table(spark, lake, name).where("user_id = '8'").collect() == row
    assert [row["user_id"] for row in read_version(spark, lake, CHURN_SCORES, old).collect()] == ["8"]


def test_only_files_that_hold_the_customer_are_written_anew(spark: SparkSession, tmp_path: Path) -> None:
    _write(spark, str(tmp_path), "user_features", "8")
    replace_table(spark.range(3), str(tmp_path), "trained_model")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert forget_in_tables(spark, str(tmp_path), LISTED) == []
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_table_of_which_nothing_remains_can_still_be_read(spark: SparkSession, tmp_path: Path) -> None:
    _write(spark, str(tmp_path), "user_features", "7")
    forget_in_tables(spark, str(tmp_path), LISTED)
    assert read_table(spark, str(tmp_path), "user_features").count() == 0


def test_what_killed_runs_left_goes(spark: SparkSession, tmp_path: Path) -> None:
    for name in ("churn_scores/version=1/_temporary/0/a.parquet", "cleaned_events/batch=000001/.a.parquet.0f.tmp"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(b"half")
    assert forget_in_tables(spark, str(tmp_path), LISTED) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_lake_without_tables_is_fine(spark: SparkSession, tmp_path: Path) -> None:
    assert forget_in_tables(spark, str(tmp_path), LISTED) == []
