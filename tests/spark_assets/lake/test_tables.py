"""Tables of the lake: a reader sees the old version or the new one, never a half."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.errors import MissingTableError
from spark_assets.lake import storage, tables
from spark_assets.lake.ledger import BatchEntry, Ledger, commit
from spark_assets.lake.schema import EVENT_SCHEMA

FIRST, SECOND, THIRD = date(2018, 12, 1), date(2018, 12, 2), date(2018, 12, 3)


def numbers(frame: DataFrame) -> list[int]:
    return sorted(row["id"] for row in frame.collect())


def failing(spark: SparkSession) -> DataFrame:
    return spark.range(3).select(F.raise_error("the disk is full").cast("bigint").alias("id"))


def folders(uri: Path) -> list[str]:
    return sorted(path.name for path in uri.iterdir() if path.is_dir())


def of_day(spark: SparkSession, day: date, *ids: int) -> DataFrame:
    return spark.createDataFrame([(number, day) for number in ids], "id bigint, event_date date")


def by_day(spark: SparkSession, uri: str) -> set[tuple[date, int]]:
    return {(row["event_date"], row["id"]) for row in tables.read_daily_activity(spark, uri).collect()}


@pytest.mark.parametrize("folder", ["a lake", "[a] {b}*?\\ %20#,é", "a:b"])
def test_a_table_is_replaced_whole_and_keeps_its_notes(spark: SparkSession, tmp_path: Path, folder: str) -> None:
    uri = str(tmp_path / folder)
    tables.replace_table(spark.range(3), uri, "user_features", {"as_of": "2018-12-01"})
    written = tables.replace_table(spark.range(5, 7), uri, "user_features", {"as_of": "2018-12-02"})
    assert numbers(written) == numbers(tables.read_table(spark, uri, "user_features")) == [5, 6]
    info = tables.table_info(uri, "user_features")
    assert info["as_of"] == "2018-12-02"
    assert folders(tmp_path / folder / "user_features") == [info["folder"]]
    tables.replace_days(of_day(spark, FIRST, 1), uri, [FIRST], [1])
    assert by_day(spark, uri) == {(FIRST, 1)}


def test_a_version_that_is_kept_can_be_read_until_it_is_kept_no_longer(spark: SparkSession, tmp_path: Path) -> None:
    uri = str(tmp_path)
    tables.replace_table(spark.range(3), uri, "churn_scores")
    old = tables.table_info(uri, "churn_scores")["folder"]
    tables.replace_table(spark.range(5), uri, "churn_scores", keep=[old])
    assert numbers(tables.read_version(spark, uri, "churn_scores", old)) == [0, 1, 2]
    tables.replace_table(spark.range(6), uri, "churn_scores")
    assert folders(tmp_path / "churn_scores") == [tables.table_info(uri, "churn_scores")["folder"]]


def test_a_table_may_be_empty(spark: SparkSession, tmp_path: Path) -> None:
    tables.replace_table(spark.range(0), str(tmp_path), "churn_scores")
    assert tables.read_table(spark, str(tmp_path), "churn_scores").columns == ["id"]


def test_a_write_that_fails_leaves_the_old_version(spark: SparkSession, tmp_path: Path) -> None:
    uri = str(tmp_path)
    tables.replace_table(spark.range(3), uri, "user_features")
    with pytest.raises(Exception, match="the disk is full"):
        tables.replace_table(failing(spark), uri, "user_features")
    assert numbers(tables.read_table(spark, uri, "user_features")) == [0, 1, 2]


def test_a_run_that_dies_before_the_pointer_moves_leaves_the_old_version(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    uri = str(tmp_path)
    tables.replace_table(spark.range(3), uri, "user_features")
    with monkeypatch.context() as patch:
        patch.setattr(storage, "write_json", die)
        with pytest.raises(KeyboardInterrupt):
            tables.replace_table(spark.range(9), uri, "user_features")
    assert numbers(tables.read_table(spark, uri, "user_features")) == [0, 1, 2]
    tables.replace_table(spark.range(1), uri, "user_features")
    assert len(folders(tmp_path / "user_features")) == 1


def test_replacing_days_keeps_the_others(spark: SparkSession, tmp_path: Path) -> None:
    uri = str(tmp_path)
    assert tables.applied_batches(uri) == []
    tables.replace_days(of_day(spark, FIRST, 1).union(of_day(spark, SECOND, 2)), uri, [FIRST, SECOND], [1])
    tables.replace_days(of_day(spark, SECOND, 20, 21).union(of_day(spark, THIRD, 30)), uri, [SECOND, THIRD], [1, 2])
    assert by_day(spark, uri) == {(FIRST, 1), (SECOND, 20), (SECOND, 21), (THIRD, 30)}
    assert tables.applied_batches(uri) == [1, 2]
    assert tables.read_daily_activity(spark, uri).columns == ["id", "event_date"]
    tables.replace_days(of_day(spark, FIRST, 5), uri, [FIRST], [1, 2, 3])
    assert by_day(spark, uri) == {(FIRST, 5), (SECOND, 20), (SECOND, 21), (THIRD, 30)}
    assert len(folders(tmp_path / "daily_activity")) == 2  # the first run's folder held nothing that counts


def test_days_that_cannot_be_written_leave_all_as_it_was(spark: SparkSession, tmp_path: Path) -> None:
    uri = str(tmp_path)
    tables.replace_days(of_day(spark, FIRST, 1), uri, [FIRST], [1])
    with pytest.raises(Exception, match="the disk is full"):
        tables.replace_days(failing(spark).withColumn("event_date", F.lit(FIRST)), uri, [FIRST], [1, 2])
    assert by_day(spark, uri) == {(FIRST, 1)}
    assert tables.applied_batches(uri) == [1]


def batch(number: int, **events_by_date: int) -> BatchEntry:
    days = {day.replace("_", "-").removeprefix("d"): count for day, count in events_by_date.items()}
    return BatchEntry(batch=number, started_at="", committed_at="", files=[], events_by_date=days)


def event_of(lake_folder: Path, number: int, day: date) -> None:
    """Write one event of a batch and day, as ingest does; its `source` is the number of the batch."""
    folder = lake_folder / "cleaned_events" / f"batch={number:06d}" / f"event_date={day}"
    folder.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist([{"source": number}], schema=EVENT_SCHEMA), folder / "a.parquet")


def sources(events: DataFrame) -> list[tuple[int, date]]:
    assert events.where("batch <> source").count() == 0
    return sorted((row["source"], row["event_date"]) for row in events.collect())


def test_events_are_those_of_committed_batches(spark: SparkSession, tmp_path: Path) -> None:
    uri = str(tmp_path)
    for number, day in ((1, FIRST), (1, THIRD), (2, SECOND), (3, THIRD)):
        event_of(tmp_path, number, day)
    commit(uri, batch(1, d2018_12_01=1, d2018_12_03=0))  # erasure left nothing of the third day
    commit(uri, batch(2, d2018_12_02=1))
    commit(uri, batch(4))  # nothing in it became an event; batch 3 died before its commit
    assert Ledger.load(uri).batch_numbers == [1, 2, 4]
    assert sources(tables.read_events(spark, uri)) == [(1, FIRST), (2, SECOND)]
    assert sources(tables.read_events(spark, uri, [SECOND, THIRD])) == [(2, SECOND)]
    assert dict(tables.read_events(spark, uri).dtypes)["event_at"] == "timestamp"


def test_days_without_an_event_are_an_empty_table_of_events(spark: SparkSession, tmp_path: Path) -> None:
    event_of(tmp_path, 1, FIRST)
    commit(str(tmp_path), batch(1, d2018_12_01=1, d2018_12_03=0))
    none = tables.read_events(spark, str(tmp_path), [SECOND, THIRD])
    assert none.collect() == []
    assert none.schema == tables.read_events(spark, str(tmp_path)).schema


def test_only_the_folders_of_the_days_are_looked_at(spark: SparkSession, tmp_path: Path) -> None:
    for day in (FIRST, SECOND):
        event_of(tmp_path, 1, day)
    commit(str(tmp_path), batch(1, d2018_12_01=1, d2018_12_02=1))
    files = tables.read_events(spark, str(tmp_path), [SECOND]).inputFiles()
    assert [Path(file).parent.name for file in files] == ["event_date=2018-12-02"]


def test_missing_tables_are_named_with_what_to_do(spark: SparkSession, tmp_path: Path) -> None:
    uri = str(tmp_path)
    with pytest.raises(MissingTableError, match="ENCORE_LOGS"):
        tables.read_events(spark, uri)
    with pytest.raises(MissingTableError, match="user_features has not been materialized"):
        tables.read_table(spark, uri, "user_features")
    with pytest.raises(MissingTableError, match="daily_activity has not been materialized"):
        tables.read_daily_activity(spark, uri)
