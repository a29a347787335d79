from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from spark_assets.errors import MissingInboxError
from spark_assets.ingest.inbox import discover, is_log_file, settled
from spark_assets.lake.ledger import LogFile
from tests.spark_assets.ingest.samples import drop


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.json", True),
        ("a.json.gz", True),
        ("a.json.bz2", True),
        ("2018/11/day 1 é.json", True),
        ("a.json.tmp", False),
        ("a.json.gz.part", False),
        ("a.txt", False),
        ("json", False),
        (".a.json", False),
        ("_a.json", False),
        (".hidden/a.json", False),
        ("_temporary/0/a.json", False),
        ("a/.b/c.json", False),
        ("a_b/.json", False),
        ("a.b/c_d.json", True),
    ],
)
def test_names_of_log_files(name: str, expected: bool) -> None:
    assert is_log_file(name) == expected


def test_the_inbox_is_listed_by_name_with_nested_folders(tmp_path: Path) -> None:
    names = ["b.json", "a/z.json.gz", "a b/Протокол é.json", "note.txt", ".hidden/a.json", "_x.json"]
    for name in names:
        drop(tmp_path, name, b"{}\n", modified_s=1_543_665_600)
    found = discover(str(tmp_path))
    assert [file.name for file in found] == ["a b/Протокол é.json", "a/z.json.gz", "b.json"]
    assert (found[2].size, found[2].modified_ns) == (3, 1_543_665_600_000_000_000)
    assert [file.compressed for file in found] == [False, True, False]


def test_an_empty_inbox_holds_nothing(tmp_path: Path) -> None:
    assert discover(str(tmp_path)) == []


def test_a_missing_inbox_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingInboxError, match="ENCORE_LOGS") as raised:
        discover(str(tmp_path / "nowhere"))
    assert str(tmp_path / "nowhere") in str(raised.value)


def test_files_touched_within_the_quiet_time_wait() -> None:
    now = datetime(2018, 12, 1, 12, tzinfo=UTC)
    second = 1_000_000_000
    at = int(now.timestamp()) * second
    files = [LogFile("old", 1, at - 61 * second), LogFile("edge", 1, at - 60 * second), LogFile("new", 1, at)]
    assert [file.name for file in settled(files, now, timedelta(seconds=60))] == ["old", "edge"]
    assert settled(files, now, timedelta(0)) == files
