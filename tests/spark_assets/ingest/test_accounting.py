"""Counts from tasks to the ledger: repeats move from kept to repeated, and what does not add up is refused."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import pytest

from spark_assets.ingest.accounting import CountsDoNotAddUpError, batch_entry, count_lines, sources
from spark_assets.ingest.deduplication import DayResult
from spark_assets.ingest.survey import Duplicate, NewContent, Novelty, SurveyedFile, SurveyedRange
from spark_assets.ingest.task import LineCounts, TaskResult
from spark_assets.lake.batch_files import WrittenFile
from spark_assets.lake.ledger import BatchEntry, LogFile
from tests.spark_assets.ingest.samples import NOON, NOW

DAY = date(2018, 12, 1)


def seen(name: str) -> SurveyedFile:
    file = LogFile(name, 40, 7)
    return SurveyedFile(file, f"hash of {name}", (SurveyedRange(file, 0, 40, line_ends=4, whole_lines=38),))


def task(counts: dict[str, LineCounts], repeated: dict[int, int] | None = None) -> TaskResult:
    return TaskResult(counts, Counter(repeated), [], [])


def day(rows: Sequence[int], repeated: dict[int, int] | None = None, event_date: date = DAY) -> DayResult:
    return DayResult(
        [WrittenFile(f"{number}", count, event_date) for number, count in enumerate(rows)], Counter(repeated)
    )


def entry_of(novelty: Novelty, results: Sequence[TaskResult], days: Sequence[DayResult]) -> BatchEntry:
    counts = count_lines(results, days, sources(novelty.new))
    return batch_entry(3, NOW, novelty, counts, days)


NOVELTY = Novelty(
    (NewContent(seen("a.json")), NewContent(seen("b.json"), 20, 2)), (Duplicate(seen("c.json"), "x"),), {}
)


def test_the_source_of_a_file_is_its_place_in_the_entry() -> None:
    assert sources(NOVELTY.new) == {"a.json": 0, "b.json": 1}
    files = entry_of(NOVELTY, [], [])["files"]
    assert [file["name"] for file in files] == ["a.json", "b.json", "c.json"]


def test_parts_of_a_file_add_up_and_repeats_are_taken_from_what_was_kept() -> None:
    results = [
        task({"a.json": LineCounts(5, 4, 0, 1)}, {0: 1}),
        task({"a.json": LineCounts(3, 2, 0, 0, Counter(bad=1)), "b.json": LineCounts(2, 2)}),
    ]
    counts = count_lines(results, [day([], {0: 1, 1: 2}), day([], {0: 1})], {"a.json": 0, "b.json": 1})
    assert counts == {"a.json": LineCounts(8, 3, 3, 1, Counter(bad=1)), "b.json": LineCounts(2, 0, 2, 0)}


def test_an_entry_tells_of_each_file_what_became_of_it() -> None:
    counted = LineCounts(4, 3, 0, 0, Counter(bad=1), NOON, NOON + 1, read_bytes=400, quarantined_bytes=9)
    results = [task({"a.json": counted}, {0: 1})]
    later = date(2018, 12, 3)
    entry = entry_of(NOVELTY, results, [day([1], event_date=later), day([1])])
    first, grown, duplicate = entry["files"]
    assert entry["events_by_date"] == {"2018-12-01": 1, "2018-12-03": 1}
    assert list(entry["events_by_date"]) == ["2018-12-01", "2018-12-03"]
    assert (entry["batch"], entry["started_at"]) == (3, "2019-01-01T00:00:00+00:00")
    assert first == {
        "name": "a.json", "size": 40, "modified_ns": 7, "content_hash": "hash of a.json", "duplicate_of": None,
        "from_byte": 0, "whole_lines": 38, "line_ends": 4, "read": 4, "kept": 2, "repeated": 1, "logged_out": 0,
        "first_at": "2018-12-01T12:00:00+00:00", "last_at": "2018-12-01T12:00:00.001000+00:00",
        "quarantined": {"bad": 1}, "erased": 0, "read_bytes": 400, "quarantined_bytes": 9,
    }  # fmt: skip
    assert (grown["from_byte"], grown["read"], grown["first_at"]) == (20, 0, None)
    assert (duplicate["duplicate_of"], duplicate["read"], duplicate["kept"]) == ("x", 0, 0)


@pytest.mark.parametrize(
    "counted",
    [
        LineCounts(4, 2, 0, 1),  # one line came to nothing
        LineCounts(4, 2, 0, 1, Counter(bad=2)),  # one was counted twice
        LineCounts(0, 2),
    ],
)
def test_lines_without_an_account_are_refused(counted: LineCounts) -> None:
    with pytest.raises(CountsDoNotAddUpError, match=f"a.json: {counted.read} lines read"):
        entry_of(NOVELTY, [task({"a.json": counted})], [day([2])])


@pytest.mark.parametrize("written", [[1], [2, 1], []])
def test_events_kept_but_not_written_or_written_but_not_kept_are_refused(written: list[int]) -> None:
    with pytest.raises(CountsDoNotAddUpError, match=f"Batch 3: 2 events kept, {sum(written)} written"):
        entry_of(NOVELTY, [task({"a.json": LineCounts(2, 2)})], [day(written)])


def test_two_errors_that_cancel_out_over_files_are_found() -> None:
    results = [task({"a.json": LineCounts(2, 1), "b.json": LineCounts(1, 2)})]
    with pytest.raises(CountsDoNotAddUpError, match="2 lines read, 1 accounted for"):
        entry_of(NOVELTY, results, [day([3])])
