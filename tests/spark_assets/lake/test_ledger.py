from datetime import date
from pathlib import Path

import pytest

from spark_assets.errors import MissingTableError
from spark_assets.lake.ledger import BatchEntry, FileEntry, Ledger, LogFile, commit


def file_entry(name: str, content_hash: str = "h", **changes: object) -> FileEntry:
    entry = {
        "name": name, "size": 10, "modified_ns": 5, "content_hash": content_hash, "duplicate_of": None, "from_byte": 0,
        "whole_lines": 10, "line_ends": 7, "read": 7, "kept": 3, "repeated": 1, "logged_out": 1,
        "first_at": "2018-10-02T00:00:01+00:00", "last_at": "2018-10-03T23:59:59+00:00",
        "quarantined": {"broken JSON": 2}, **changes,
    }  # fmt: skip
    return FileEntry(**entry)  # type: ignore[typeddict-item]


def batch(number: int, *files: FileEntry) -> BatchEntry:
    return BatchEntry(batch=number, started_at="", committed_at="", files=list(files), events_by_date={})


def test_what_was_committed_is_loaded_in_order(tmp_path: Path) -> None:
    lake = str(tmp_path)
    entries = [batch(number, file_entry(f"день {number}.json")) for number in (10, 2, 9)]
    for entry in entries:
        commit(lake, entry)
    ledger = Ledger.load(lake)
    assert ledger.batch_numbers == [2, 9, 10]
    assert ledger.batches == (entries[1], entries[2], entries[0])
    assert ledger.next_batch == 11


def test_an_absent_ledger_is_empty_and_half_written_entries_do_not_count(tmp_path: Path) -> None:
    assert Ledger.load(str(tmp_path)) == Ledger(())
    assert Ledger(()).next_batch == 1
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "000001.json.abc.tmp").write_text('{"batch"')
    assert Ledger.load(str(tmp_path)) == Ledger(())


def test_a_person_can_read_an_entry(tmp_path: Path) -> None:
    commit(str(tmp_path), batch(1, file_entry("день.json")))
    written = (tmp_path / "ledger" / "000001.json").read_text()
    assert '"name": "день.json"' in written
    assert len(written.splitlines()) > 10


def test_files_are_known_by_name_size_and_time() -> None:
    ledger = Ledger((batch(1, file_entry("a.json")),))
    files = [LogFile("a.json", 10, 5), LogFile("a.json", 11, 5), LogFile("a.json", 10, 6), LogFile("b.json", 10, 5)]
    assert ledger.unknown(files) == files[1:]


def test_of_a_file_ingested_twice_the_newest_entry_counts() -> None:
    grown = file_entry("a", size=20)
    assert Ledger((batch(1, file_entry("a"), file_entry("b")), batch(2, grown))).latest_by_name() == {
        "a": grown,
        "b": file_entry("b"),
    }


def test_a_content_belongs_to_the_first_file_that_brought_it() -> None:
    ledger = Ledger((batch(1, file_entry("a", "x"), file_entry("b", "y")), batch(2, file_entry("c", "x"))))
    assert ledger.names_by_hash() == {"x": "a", "y": "b"}


def test_span_is_in_utc_dates_and_needs_a_believable_line() -> None:
    early = file_entry("a", first_at="2018-10-01T23:59:59.999000+00:00", last_at="2018-10-02T00:00:00+00:00")
    none = file_entry("b", first_at=None, last_at=None)
    assert Ledger((batch(1, file_entry("c"), none), batch(2, early))).span() == (date(2018, 10, 1), date(2018, 10, 3))
    with pytest.raises(MissingTableError, match="ENCORE_LOGS"):
        Ledger((batch(1, none),)).span()


def test_totals_add_up_by_reason_most_frequent_first() -> None:
    more = file_entry("b", read=5, kept=0, repeated=0, logged_out=0, quarantined={"missing ts": 4, "broken JSON": 1})
    totals = Ledger((batch(1, file_entry("a")), batch(2, more))).totals()
    assert totals == {
        "read": 12,
        "kept": 3,
        "repeated": 1,
        "logged_out": 1,
        "quarantined": 7,
        "erased": 0,
        "quarantined_by_reason": {"missing ts": 4, "broken JSON": 3},
    }
    assert list(totals["quarantined_by_reason"]) == ["missing ts", "broken JSON"]
