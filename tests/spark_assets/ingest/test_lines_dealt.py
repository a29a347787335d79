"""However lines are dealt out to files and batches, and however often they come, each event counts once."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from spark_assets.lake.ledger import BatchEntry, FileEntry, Ledger
from spark_assets.lake.tables import read_daily_activity
from spark_assets.steps import daily_activity
from spark_assets.steps.settings import StepParams
from tests.spark_assets.ingest.lakes import Lake
from tests.spark_assets.ingest.samples import NOON, drop, line, text

DAY_MS = 86_400_000
GOOD = [
    line(song=f"song {number % 5}", ts=NOON + number % 4 * DAY_MS, itemInSession=number // 4) for number in range(12)
]
LOGGED_OUT = [line(auth="Logged Out", userId=""), line(auth="Guest", userId=None, ts=NOON + 9)]
BAD = [b"{oops", line(length=-1), line(page=None), b'{"page":"\xff"}']
LINES = [*GOOD, *LOGGED_OUT, *BAD]


@dataclass(frozen=True)
class Dealt:
    """A file of some of `LINES`, and how it is written."""

    lines: tuple[int, ...]
    suffix: str
    line_end: bytes
    ends: bool

    @property
    def content(self) -> bytes:
        joined = self.line_end.join(LINES[number] for number in self.lines)
        return joined + self.line_end if self.ends else joined

    def count(self, kind: Sequence[bytes]) -> int:
        return sum(LINES[number] in kind for number in self.lines)


files = st.builds(
    Dealt,
    st.lists(st.integers(0, len(LINES) - 1), max_size=10).map(tuple),
    st.sampled_from(["json", "json.gz", "json.bz2"]),
    st.sampled_from([b"\n", b"\r\n", b"\n\n"]),
    st.booleans(),
)
rest_of_the_lines = st.permutations(range(len(LINES))).map(lambda order: Dealt(tuple(order), "json", b"\n", True))
deals = st.tuples(st.lists(st.lists(files, min_size=1, max_size=4), max_size=3), rest_of_the_lines).map(
    lambda dealt: [*dealt[0], [dealt[1]]]
)


@pytest.fixture(scope="module")
def expected(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """Content of the lake after each line came once, in one file."""
    lake = Lake(spark, tmp_path_factory.mktemp("once"))
    drop(lake.inbox, "all.json", text(LINES))
    lake.ingest()
    assert sum(lake.content().values()) == len(GOOD)
    return lake.content()


@settings(max_examples=6, deadline=None)
@given(batches=deals)
def test_any_deal_of_the_lines_gives_the_same_events_and_every_line_is_accounted_for(
    spark: SparkSession, expected: Counter[str], batches: list[list[Dealt]]
) -> None:
    with tempfile.TemporaryDirectory() as home:
        lake = Lake(spark, Path(home))
        for number, batch in enumerate(batches):
            dealt = {f"{number}/{place}.{file.suffix}": file for place, file in enumerate(batch)}
            for name, file in dealt.items():
                drop(lake.inbox, name, file.content)
            entry = lake.ingest_batch()
            assert [file["name"] for file in sorted(entry["files"], key=lambda file: file["name"])] == sorted(dealt)
            for found in entry["files"]:
                assert_accounted_for(found, dealt[found["name"]])
        assert lake.content() == expected
        assert Ledger.load(lake.uri).totals()["kept"] == len(GOOD)
        totals = Ledger.load(lake.uri).totals()
        assert totals["read"] == sum(totals[kind] for kind in ("kept", "repeated", "logged_out", "quarantined"))
        assert lake.ingest().batch is None


def assert_accounted_for(found: FileEntry, file: Dealt) -> None:
    counts = (found["read"], found["kept"] + found["repeated"], found["logged_out"], sum(found["quarantined"].values()))
    if found["duplicate_of"]:
        assert counts == (0, 0, 0, 0)
    else:
        assert counts == (len(file.lines), file.count(GOOD), file.count(LOGGED_OUT), file.count(BAD))


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    return Lake(spark, tmp_path)


def counts(entry: BatchEntry) -> tuple[int, int, int, int]:
    (file,) = entry["files"]
    return file["read"], file["kept"], file["repeated"], sum(file["quarantined"].values())


def test_lines_appended_bring_only_what_is_new_and_keep_their_numbers(lake: Lake) -> None:
    before = text([GOOD[0], b"{one", GOOD[1]])
    drop(lake.inbox, "log.json", before)
    assert counts(lake.ingest_batch()) == (3, 2, 0, 1)
    drop(lake.inbox, "log.json", before + text([GOOD[2], b"", b"{two", GOOD[0]]) + b"{three")
    grown = lake.ingest_batch()
    assert counts(grown) == (4, 1, 1, 2)
    assert grown["files"][0]["from_byte"] == len(before)
    reason = "broken JSON"
    assert lake.quarantine() == [
        ("log.json", 2, reason, b"{one"),
        ("log.json", 6, reason, b"{two"),
        ("log.json", 8, reason, b"{three"),
    ]
    assert sum(lake.content().values()) == 3


def test_a_line_cut_short_is_read_again_when_it_is_whole(lake: Lake) -> None:
    whole = text([GOOD[0], GOOD[1], b"{bad", GOOD[2]])
    cut = len(GOOD[0]) + 30
    drop(lake.inbox, "log.json", whole[:cut])
    assert counts(lake.ingest_batch()) == (2, 1, 0, 1)
    drop(lake.inbox, "log.json", whole)
    assert counts(lake.ingest_batch()) == (3, 2, 0, 1)
    assert [(number, raw) for _, number, _, raw in lake.quarantine()] == [(3, b"{bad")]
    assert sum(lake.content().values()) == 3
    totals = Ledger.load(lake.uri).totals()
    assert (totals["read"], totals["kept"], totals["quarantined"]) == (4, 3, 1)


growing = st.tuples(
    st.lists(st.sampled_from([*GOOD[:3], *BAD, b""]), min_size=1, max_size=6),
    st.booleans(),
    st.lists(st.floats(0, 1), min_size=1, max_size=2).map(sorted),
)


@settings(max_examples=4, deadline=None)
@given(file=growing)
def test_however_a_file_grows_its_bad_lines_stand_in_quarantine_as_if_it_had_come_whole(
    spark: SparkSession, file: tuple[list[bytes], bool, list[float]]
) -> None:
    lines, ends, sizes = file
    whole = text(lines) if ends else text(lines)[:-1]
    with tempfile.TemporaryDirectory() as home:
        at_once, grown = Lake(spark, Path(home, "at once")), Lake(spark, Path(home, "grown"))
        drop(at_once.inbox, "log.json", whole)
        at_once.ingest()
        for share in [*sizes, 1]:
            drop(grown.inbox, "log.json", whole[: round(share * len(whole))])
            grown.ingest()
        assert grown.quarantine() == at_once.quarantine()
        assert grown.content() == at_once.content()
        ledger = Ledger.load(grown.uri)
        assert ledger.totals()["quarantined"] == len(grown.quarantine())
        for entry in ledger.batches:
            for found in entry["files"]:
                assert found["read"] == found["kept"] + found["repeated"] + sum(found["quarantined"].values())


def test_a_longer_copy_under_another_name_has_bad_lines_of_its_own(lake: Lake) -> None:
    drop(lake.inbox, "log.json", text([GOOD[0], b"{bad"]))
    lake.ingest()
    drop(lake.inbox, "copy.json", text([GOOD[0], b"{bad", GOOD[1]]))
    assert counts(lake.ingest_batch()) == (3, 1, 1, 1)
    assert [(name, number) for name, number, _, _ in lake.quarantine()] == [("copy.json", 2), ("log.json", 2)]


def test_a_last_line_that_only_lacked_its_end_counts_once(lake: Lake) -> None:
    drop(lake.inbox, "log.json", text(GOOD[:2])[:-1])
    assert counts(lake.ingest_batch()) == (2, 2, 0, 0)
    drop(lake.inbox, "log.json", text(GOOD[:3]))
    assert counts(lake.ingest_batch()) == (2, 1, 1, 0)
    assert sum(lake.content().values()) == 3


def test_a_file_that_grows_byte_by_byte_brings_each_line_once(lake: Lake) -> None:
    whole = text(GOOD)
    for size in (0, len(GOOD[0]) // 2, len(whole) // 3, len(whole) // 3, len(whole) - 1, len(whole)):
        drop(lake.inbox, "log.json", whole[:size])
        lake.ingest()
    assert sum(lake.content().values()) == len(GOOD)


@pytest.mark.parametrize("suffix", ["json", "json.gz"])
def test_of_a_file_written_anew_only_new_events_count(lake: Lake, suffix: str) -> None:
    drop(lake.inbox, f"log.{suffix}", text(GOOD[:4]))
    lake.ingest()
    drop(lake.inbox, f"log.{suffix}", text([GOOD[5], *GOOD[:4]]))
    again = lake.ingest_batch()
    assert (counts(again), again["files"][0]["from_byte"]) == ((5, 1, 4, 0), 0)
    assert sum(lake.content().values()) == 5


def test_late_events_reopen_just_their_day(lake: Lake) -> None:
    params = StepParams(str(lake.inbox), lake.uri)
    drop(lake.inbox, "days.json", text(GOOD))
    lake.ingest()
    assert daily_activity.run(lake.spark, params).facts == {"days_recomputed": 4}
    before = activity(lake)
    late = line(song="late", ts=NOON + DAY_MS + 5)
    drop(lake.inbox, "late.json", text([late, GOOD[0], *LOGGED_OUT]))  # a repeat touches no day
    lake.ingest()
    assert daily_activity.run(lake.spark, params).facts == {"days_recomputed": 1}
    after = activity(lake)
    assert {day for day in after if after[day] != before[day]} == {date(2018, 12, 2)}
    assert daily_activity.run(lake.spark, params).facts == {"days_recomputed": 0}


def activity(lake: Lake) -> dict[date, str]:
    """Rows of `daily_activity` by day."""
    return {row["event_date"]: str(row) for row in read_daily_activity(lake.spark, lake.uri).collect()}
