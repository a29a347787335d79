"""Clocks that were set: ours, and those of machines that write into the inbox."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.ingest.batch import IngestResult, ingest
from spark_assets.ingest.inbox import ClockError
from tests.spark_assets.ingest.lakes import Lake
from tests.spark_assets.ingest.samples import NOW, drop, line, text

QUIET = timedelta(seconds=60)


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    return Lake(spark, tmp_path)


def songs(*names: str) -> bytes:
    return text([line(song=name, itemInSession=place) for place, name in enumerate(names)])


def test_a_clock_behind_the_events_of_the_lake_refuses_to_judge_newer_ones(lake: Lake) -> None:
    drop(lake.inbox, "a.json", songs("a"))
    lake.ingest(NOW)
    drop(lake.inbox, "b.json", songs("b"))
    told = r"clock says 2010-01-01 00:00 UTC, but batch 1 holds an event of 2018-12-01 12:00\. Set the clock"
    with pytest.raises(ClockError, match=told):
        lake.ingest(datetime(2010, 1, 1, tzinfo=UTC))
    assert lake.quarantine() == []
    lake.ingest(NOW)
    assert lake.songs() == Counter("ab")


@pytest.mark.parametrize("there_and_back", [timedelta(days=3650), timedelta(days=-20)])
def test_any_other_jump_leaves_the_order_of_batches_and_the_tables(lake: Lake, there_and_back: timedelta) -> None:
    for name, now in (("a", NOW), ("b", NOW + there_and_back), ("c", NOW)):
        drop(lake.inbox, f"{name}.json", songs(name))
        batch = lake.ingest(now).batch
        assert batch is not None
        assert batch["batch"] == ord(name) - ord("a") + 1
    assert lake.songs() == Counter("abc")
    assert lake.ingest(NOW + there_and_back).batch is None


def test_a_file_from_the_future_is_read_when_nobody_writes_it(lake: Lake) -> None:
    drop(lake.inbox, "a.json", songs("a"), modified_s=int(NOW.timestamp()) + 3_600)
    drop(lake.inbox, "b.json", songs("b"), modified_s=int(NOW.timestamp()) + 3_600)
    result = _ingest(lake, meanwhile=lambda: drop(lake.inbox, "b.json", songs("b", "c"), int(NOW.timestamp()) + 3_601))
    assert result.unsettled == ["b.json"]
    assert lake.songs() == Counter("a")
    assert _ingest(lake, meanwhile=lambda: None).unsettled == []
    assert lake.songs() == Counter("abc")


def _ingest(lake: Lake, meanwhile: Callable[[], object]) -> IngestResult:
    """Ingest at `NOW`; while it waits for files to be quiet, something is done."""
    return ingest(lake.spark, str(lake.inbox), lake.uri, lambda: NOW, QUIET, sleep=lambda _: meanwhile())
