"""Batches from inbox to lake: each content once, nothing lost, nothing half done."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.errors import MissingInboxError
from spark_assets.ingest import batch as batch_module
from spark_assets.ingest.accounting import CountsDoNotAddUpError
from spark_assets.lake.ledger import Ledger
from tests.spark_assets.ingest.lakes import Lake
from tests.spark_assets.ingest.samples import NOON, NOW, drop, line, text

DAY_MS = 86_400_000


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    (tmp_path / "inbox").mkdir()
    return Lake(spark, tmp_path)


def songs(*names: str) -> bytes:
    return text([line(song=name) for name in names])


def test_a_drop_of_every_kind_of_file(lake: Lake) -> None:
    drop(lake.inbox, "plain.json", songs("a", "b"))
    drop(lake.inbox, "nested/день 1.json.gz", songs("c") + b"{oops\n" + line(song="d", ts=NOON + DAY_MS))
    drop(lake.inbox, "nested/more.json.bz2", songs("e") + text([line(auth="Logged Out", userId="", song="f")]))
    drop(lake.inbox, "empty.json", b"")
    drop(lake.inbox, ".hidden.json", songs("g"))
    result = lake.ingest()
    assert (result.damaged, result.unsettled) == ({}, [])
    assert lake.songs() == Counter("abcde")
    assert lake.quarantine() == [("nested/день 1.json.gz", 2, "broken JSON", b"{oops")]
    assert lake.days() == {date(2018, 12, 1): 4, date(2018, 12, 2): 1}
    ledger = Ledger.load(lake.uri)
    counts = {file["name"]: (file["read"], file["kept"], file["logged_out"]) for file in ledger.batches[0]["files"]}
    assert counts == {
        "empty.json": (0, 0, 0),
        "nested/more.json.bz2": (2, 1, 1),
        "nested/день 1.json.gz": (3, 2, 0),
        "plain.json": (2, 2, 0),
    }
    assert ledger.batches[0]["events_by_date"] == {"2018-12-01": 4, "2018-12-02": 1}
    assert ledger.span() == (date(2018, 12, 1), date(2018, 12, 2))


def test_the_same_content_counts_once_whatever_it_is_called(lake: Lake) -> None:
    first = drop(lake.inbox, "a.json", songs("x", "y"), modified_s=1_543_600_000)
    drop(lake.inbox, "copy.json", songs("x", "y"))
    lake.ingest()
    assert lake.songs() == Counter("xy")
    assert lake.ingest().batch is None

    drop(lake.inbox, "a.json", songs("x", "y"), modified_s=1_543_600_777)  # dropped again under its own name
    drop(lake.inbox, "elsewhere/b.json", songs("x", "y"))
    again = lake.ingest_batch()
    assert {file["name"]: file["duplicate_of"] for file in again["files"]} == {
        "a.json": "a.json",
        "elsewhere/b.json": "a.json",
    }
    assert sum(file["read"] for file in again["files"]) == 0
    assert lake.songs() == Counter("xy")

    first.unlink()
    assert lake.ingest().batch is None


def test_new_files_make_new_batches_and_leave_the_old_alone(lake: Lake) -> None:
    drop(lake.inbox, "a.json", songs("a"))
    lake.ingest()
    drop(lake.inbox, "b.json", songs("b"))
    assert lake.ingest_batch()["batch"] == 2
    assert [[file["name"] for file in entry["files"]] for entry in Ledger.load(lake.uri).batches] == [
        ["a.json"],
        ["b.json"],
    ]
    assert lake.songs() == Counter("ab")


def test_a_truncated_file_waits_for_its_whole_copy(lake: Lake) -> None:
    content = songs(*(f"song {number}" for number in range(300)))
    path = drop(lake.inbox, "day.json.gz", content)
    path.write_bytes(path.read_bytes()[:-20])
    drop(lake.inbox, "good.json", songs("good"))
    result = lake.ingest()
    assert list(result.damaged) == ["day.json.gz"]
    assert result.damaged["day.json.gz"]
    assert lake.songs() == Counter(["good"])
    assert lake.ingest().batch is None
    drop(lake.inbox, "day.json.gz", content)
    result = lake.ingest()
    assert result.damaged == {}
    assert sum(lake.songs().values()) == 301


def test_files_still_being_written_are_left_for_later(lake: Lake) -> None:
    drop(lake.inbox, "old.json", songs("old"), modified_s=int(NOW.timestamp()) - 100)
    drop(lake.inbox, "new.json", songs("new"), modified_s=int(NOW.timestamp()) - 10)
    assert lake.ingest(NOW, timedelta(seconds=60)).unsettled == ["new.json"]
    assert lake.songs() == Counter(["old"])
    lake.ingest(NOW + timedelta(seconds=60), timedelta(seconds=60))
    assert lake.songs() == Counter(["old", "new"])


def test_a_run_killed_before_its_commit_leaves_nothing_and_its_repeat_gives_the_same(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    drop(lake.inbox, "a.json", songs("a", "b") + b"{oops\n")
    with monkeypatch.context() as patch:
        patch.setattr(batch_module, "commit", die)
        with pytest.raises(KeyboardInterrupt):
            lake.ingest()
    assert Ledger.load(lake.uri) == Ledger(())
    drop(lake.inbox, "later.json", songs("c"))  # the repeat finds more than the dead run did
    lake.ingest()
    assert lake.songs() == Counter("abc")
    assert lake.quarantine() == [("a.json", 3, "broken JSON", b"{oops")]


def test_files_of_lost_task_attempts_are_deleted(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    real = batch_module._run_tasks

    def with_a_lost_attempt(*arguments: object) -> object:
        results = real(*arguments)  # type: ignore[arg-type]
        for path in list(lake.home.rglob("part-*.parquet")):
            path.with_name(path.name.replace("part-", "part-9")).write_bytes(path.read_bytes())
        return results

    monkeypatch.setattr(batch_module, "_run_tasks", with_a_lost_attempt)
    drop(lake.inbox, "a.json", songs("a", "b") + b"{oops\n")
    lake.ingest()
    assert lake.songs() == Counter("ab")
    assert len(lake.quarantine()) == 1


def test_lines_that_went_missing_stop_the_commit(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    real = batch_module._run_tasks

    def losing_a_file(*arguments: object) -> object:
        results = real(*arguments)  # type: ignore[arg-type]
        results[0].event_files.pop()
        return results

    monkeypatch.setattr(batch_module, "_run_tasks", losing_a_file)
    drop(lake.inbox, "a.json", songs("a", "b"))
    with pytest.raises(CountsDoNotAddUpError, match="2 events kept, 0 written"):
        lake.ingest()
    assert Ledger.load(lake.uri) == Ledger(())


def test_an_empty_inbox_makes_no_batch_and_a_missing_one_is_an_error(lake: Lake) -> None:
    assert lake.ingest().batch is None
    lake.inbox.rmdir()
    with pytest.raises(MissingInboxError):
        lake.ingest()


def test_an_empty_file_that_gains_lines_is_read(lake: Lake) -> None:
    drop(lake.inbox, "a.json", b"")
    lake.ingest()
    drop(lake.inbox, "a.json", songs("a"))
    drop(lake.inbox, "b.json", b"")
    assert {file["duplicate_of"] for file in lake.ingest_batch()["files"]} == {None}
    assert lake.songs() == Counter("a")
