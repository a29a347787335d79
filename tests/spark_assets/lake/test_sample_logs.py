"""Made-up listeners and those of real logs never meet in a lake, whatever the order in which their files come."""

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.errors import MixedLogsError
from spark_assets.lake.ledger import Ledger
from spark_assets.lake.sample_logs import is_sample
from tests.spark_assets.ingest.lakes import Lake
from tests.spark_assets.ingest.samples import drop, line, text

SAMPLE = "encore-sample-2018-12-01.json"
OWN = "2018-12-01.json"


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    (tmp_path / "inbox").mkdir()
    return Lake(spark, tmp_path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (SAMPLE, True),
        (f"march/{SAMPLE}.gz", True),
        (f"Copy of {SAMPLE}", True),
        (f".{SAMPLE}.8f2c", True),
        (OWN, False),
        ("encore-sample-logs/2018-12-01.json", False),
        ("sample-2018-12-01.json", False),
    ],
)
def test_the_mark_is_in_the_files_own_name(name: str, expected: bool) -> None:
    assert is_sample(name) is expected


@pytest.mark.spark
@pytest.mark.parametrize(
    ("first", "second", "advice"), [(SAMPLE, OWN, "make clean CONFIRM=yes"), (OWN, SAMPLE, "delete them")]
)
def test_a_lake_takes_no_files_of_the_other_kind(lake: Lake, first: str, second: str, advice: str) -> None:
    drop(lake.inbox, first, text([line(song="first")]))
    lake.ingest_batch()
    refused = drop(lake.inbox, f"in a folder/{second}", text([line(song="second")]))
    before = refused.read_bytes()

    with pytest.raises(MixedLogsError) as caught:
        lake.ingest()

    for part in (lake.uri, str(lake.inbox), f"in a folder/{second}", "nothing was ingested", advice):
        assert part in str(caught.value)
    assert refused.read_bytes() == before
    assert [*lake.songs()] == ["first"]
    assert Ledger.load(lake.uri).batch_numbers == [1]

    refused.unlink()
    drop(lake.inbox, f"more/{first}", text([line(song="third")]))
    lake.ingest_batch()
    assert {*lake.songs()} == {"first", "third"}


@pytest.mark.spark
def test_a_fresh_lake_takes_neither_of_two_kinds(lake: Lake) -> None:
    sample = drop(lake.inbox, SAMPLE, text([line(song="made up")]))
    drop(lake.inbox, OWN, text([line(song="real")]))
    with pytest.raises(MixedLogsError, match="Move one kind out of it"):
        lake.ingest()
    assert Ledger.load(lake.uri).batch_numbers == []
    sample.unlink()
    lake.ingest_batch()
    assert [*lake.songs()] == ["real"]


@pytest.mark.spark
def test_files_that_are_damaged_or_empty_are_refused_too(lake: Lake) -> None:
    drop(lake.inbox, SAMPLE, text([line()]))
    lake.ingest_batch()
    drop(lake.inbox, "empty.json", b"")
    (lake.inbox / "cut.json.gz").write_bytes(b"\x1f\x8b")
    with pytest.raises(MixedLogsError, match=r"cut\.json\.gz, empty\.json stay in"):
        lake.ingest()


@pytest.mark.spark
def test_the_first_names_are_listed_and_the_others_counted(lake: Lake) -> None:
    drop(lake.inbox, SAMPLE, text([line()]))
    lake.ingest_batch()
    for number in range(7):
        drop(lake.inbox, f"{number}.json", text([line()]))
    with pytest.raises(MixedLogsError, match=r"0\.json, 1\.json, 2\.json, 3\.json, 4\.json and 2 more stay"):
        lake.ingest()
