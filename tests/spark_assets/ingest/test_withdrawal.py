"""Withdrawing a batch and ingesting again gives the lake that there was, whatever later batches took from it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.ingest.withdrawal import LogsGoneError, UnknownBatchError, Withdrawn, withdraw
from spark_assets.lake.ledger import Ledger
from spark_assets.lake.tables import applied_batches, replace_days
from tests.spark_assets.ingest.lakes import Lake
from tests.spark_assets.ingest.samples import NOON, drop, line, text


def songs(*names: str) -> bytes:
    return text([line(song=name, ts=NOON + len(name), sessionId=ord(name[0])) for name in names])


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    return Lake(spark, tmp_path)


def withdrawn(lake: Lake, number: int) -> Withdrawn:
    return withdraw(lake.spark, str(lake.inbox), lake.uri, number)


def test_its_files_are_ingested_anew(lake: Lake) -> None:
    drop(lake.inbox, "a.json", songs("a", "aa") + b"{broken\n")
    lake.ingest_batch()
    drop(lake.inbox, "b.json", songs("b"))
    lake.ingest_batch()
    before = lake.content(), lake.quarantine()
    assert withdrawn(lake, 1) == Withdrawn([1], ["a.json"], 2)
    assert lake.songs() == {"b": 1}
    assert not (lake.home / "lake/cleaned_events/batch=000001").exists()
    assert [file["name"] for file in lake.ingest_batch()["files"]] == ["a.json"]
    assert (lake.content(), lake.quarantine()) == before


def test_what_was_appended_later_goes_with_it(lake: Lake) -> None:
    drop(lake.inbox, "a.json", songs("a"))
    lake.ingest_batch()
    drop(lake.inbox, "a.json", songs("a", "aa"))
    drop(lake.inbox, "b.json", songs("b"))
    lake.ingest_batch()
    before = lake.content()
    assert withdrawn(lake, 1) == Withdrawn([1, 2], ["a.json", "b.json"], 3)
    lake.ingest_batch()
    assert lake.content() == before


def test_what_was_appended_goes_alone(lake: Lake) -> None:
    drop(lake.inbox, "a.json", songs("a"))
    lake.ingest_batch()
    drop(lake.inbox, "a.json", songs("a", "aa"))
    lake.ingest_batch()
    before = lake.content()
    assert withdrawn(lake, 2) == Withdrawn([2], ["a.json"], 1)
    assert lake.ingest_batch()["files"][0]["from_byte"] > 0
    assert lake.content() == before


def test_later_files_that_repeated_it_do_not_stand_in_its_way(lake: Lake) -> None:
    drop(lake.inbox, "a.json", songs("a", "aa"))
    lake.ingest_batch()
    drop(lake.inbox, "same.json", songs("a", "aa"))
    drop(lake.inbox, "overlapping.json", songs("aa", "b"))
    lake.ingest_batch()
    before = lake.content()
    withdrawn(lake, 1)
    assert lake.songs() == {"b": 1}
    lake.ingest_batch()
    assert lake.content() == before
    assert lake.ingest().batch is None


def test_a_cut_line_read_again_by_a_later_batch_is_not_looked_for_in_one_that_is_gone(lake: Lake) -> None:
    drop(lake.inbox, "a.json", b"{cut")
    lake.ingest_batch()
    drop(lake.inbox, "a.json", b"{cut no more\n")
    assert lake.ingest_batch()["files"][0]["continues"] == 1
    before = lake.quarantine()
    withdrawn(lake, 1)
    assert lake.ingest().batch is None
    assert lake.quarantine() == before


def test_a_file_that_was_seen_again_in_a_batch_that_is_gone_still_grows(lake: Lake) -> None:
    drop(lake.inbox, "a.json", songs("a") + b"{cut")
    lake.ingest_batch()
    drop(lake.inbox, "same.json", songs("a") + b"{cut")
    lake.ingest_batch()
    drop(lake.inbox, "same.json", songs("a") + b"{cut no more\n")
    assert lake.ingest_batch()["files"][0]["continues"] == 2
    before = lake.content(), lake.quarantine()
    withdrawn(lake, 1)
    lake.ingest_batch()
    assert lake.ingest().batch is None
    assert (lake.content(), lake.quarantine()) == before


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(songs("z"))])
def test_nothing_goes_that_the_inbox_cannot_bring_back(lake: Lake, change: Callable[[Path], object]) -> None:
    path = drop(lake.inbox, "a.json", songs("a"))
    drop(lake.inbox, "b.json", songs("b"))
    lake.ingest_batch()
    change(path)
    with pytest.raises(LogsGoneError, match=r"does not hold these log files as they were ingested: a\.json\. Put them"):
        withdrawn(lake, 1)
    assert lake.songs() == {"a": 1, "b": 1}


def test_its_days_are_due_again_also_under_the_same_number(lake: Lake) -> None:
    drop(lake.inbox, "a.json", songs("a"))
    lake.ingest_batch()
    replace_days(lake.spark.createDataFrame([], "event_date date, user_id string"), lake.uri, [], [1])
    assert applied_batches(lake.uri) == [1]
    withdrawn(lake, 1)
    assert applied_batches(lake.uri) == []
    assert lake.ingest_batch()["batch"] == 1


def test_an_unknown_batch_is_refused(lake: Lake) -> None:
    drop(lake.inbox, "a.json", songs("a"))
    lake.ingest_batch()
    with pytest.raises(UnknownBatchError, match=r"There is no batch 7: the ledger holds \[1\]\."):
        withdrawn(lake, 7)
    assert Ledger.load(lake.uri).batch_numbers == [1]
