"""A bad last line that was cut short leaves the quarantine once it was read again."""

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.ingest import batch as batch_module
from spark_assets.ingest import truncated_lines
from spark_assets.lake.ledger import FileEntry, Ledger
from spark_assets.steps import inspect_tables
from spark_assets.steps.settings import StepParams
from tests.spark_assets.ingest.lakes import Lake
from tests.spark_assets.ingest.samples import drop, line, text

WHOLE = text([line(song="a"), line(song="b"), b"{bad"])
CUT = WHOLE[: len(line(song="a")) + 30]
"""One good line and the beginning of another."""


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    return Lake(spark, tmp_path)


def entry(lake: Lake, batch: int, name: str = "log.json") -> FileEntry:
    files = Ledger.load(lake.uri).batches[batch - 1]["files"]
    return next(file for file in files if file["name"] == name)


def lines(lake: Lake) -> list[tuple[str, int]]:
    return [(file, number) for file, number, _, _ in lake.quarantine()]


def test_a_file_that_begins_with_its_cut_line_is_told_from_one_written_anew(lake: Lake) -> None:
    drop(lake.inbox, "grown.json", b"{ba")
    drop(lake.inbox, "anew.json", b"{ba")
    drop(lake.inbox, "other.json", b"{ba!")
    lake.ingest()
    assert lines(lake) == [("anew.json", 1), ("other.json", 1)]  # grown.json came as a copy of anew.json
    drop(lake.inbox, "anew.json", b"{ba, and more\n")
    drop(lake.inbox, "other.json", b"[written anew\n")
    lake.ingest()
    assert [raw for _, _, _, raw in lake.quarantine()] == [b"{ba, and more", b"[written anew", b"{ba!"]
    assert entry(lake, 2, "anew.json")["continues"] == 1
    assert "continues" not in entry(lake, 2, "other.json")


def test_the_lines_beside_it_stay(lake: Lake) -> None:
    drop(lake.inbox, "log.json", b"{one\n" + CUT)
    drop(lake.inbox, "other.json", b"\n{two\n{three")
    lake.ingest()
    drop(lake.inbox, "log.json", b"{one\n" + WHOLE)
    lake.ingest()
    assert lines(lake) == [("log.json", 1), ("log.json", 4), ("other.json", 2), ("other.json", 3)]
    assert (entry(lake, 1)["read"], entry(lake, 1)["quarantined"]) == (2, {"broken JSON": 1})
    assert entry(lake, 1, "other.json")["quarantined"] == {"broken JSON": 2}


def test_a_file_that_grew_into_one_known_already_leaves_nothing_behind(lake: Lake) -> None:
    drop(lake.inbox, "log.json", CUT)
    lake.ingest()
    drop(lake.inbox, "whole.json", WHOLE)
    lake.ingest()
    drop(lake.inbox, "log.json", WHOLE)
    lake.ingest()
    assert entry(lake, 3)["duplicate_of"] == "whole.json"
    assert lines(lake) == [("whole.json", 3)]
    assert (entry(lake, 1)["read"], entry(lake, 1)["quarantined"]) == (1, {})


def test_a_file_touched_before_it_grew_is_found_in_the_batch_that_read_it(lake: Lake) -> None:
    for turn, content in enumerate((CUT, CUT, WHOLE)):
        drop(lake.inbox, "log.json", content, modified_s=1_546_000_000 + turn)
        lake.ingest()
    assert (entry(lake, 2)["duplicate_of"], entry(lake, 3)["continues"]) == ("log.json", 1)
    assert lines(lake) == [("log.json", 3)]


def test_a_quarantine_left_empty_can_still_be_counted(lake: Lake) -> None:
    drop(lake.inbox, "log.json", CUT)
    lake.ingest()
    drop(lake.inbox, "log.json", WHOLE[: -len(b"{bad\n")])
    lake.ingest()
    facts = inspect_tables.events(lake.spark, StepParams(str(lake.inbox), lake.uri)).facts
    assert facts["quarantined_rows"] == facts["ledger"]["quarantined"] == 0


@pytest.mark.parametrize("dies_at", ["_without", "commit"])
def test_a_run_that_dies_after_its_commit_is_finished_by_the_next(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    drop(lake.inbox, "log.json", CUT)
    lake.ingest()
    drop(lake.inbox, "log.json", WHOLE)
    with monkeypatch.context() as patch:
        patch.setattr(truncated_lines, dies_at, _die)
        with pytest.raises(KeyboardInterrupt):
            lake.ingest()
    assert Ledger.load(lake.uri).batch_numbers == [1, 2]
    assert lake.ingest().batch is None
    assert lines(lake) == [("log.json", 3)]
    assert Ledger.load(lake.uri).totals()["quarantined"] == 1
    before = Ledger.load(lake.uri)
    lake.ingest()
    assert Ledger.load(lake.uri) == before


def test_a_run_that_dies_before_its_commit_leaves_the_line_where_it_was(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(lake.inbox, "log.json", CUT)
    lake.ingest()
    drop(lake.inbox, "log.json", WHOLE)
    with monkeypatch.context() as patch:
        patch.setattr(batch_module, "commit", _die)
        with pytest.raises(KeyboardInterrupt):
            lake.ingest()
    assert lines(lake) == [("log.json", 2)]
    lake.ingest()
    assert lines(lake) == [("log.json", 3)]


def _die(*_: object) -> None:
    raise KeyboardInterrupt
