from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from spark_assets.errors import MissingInboxError
from spark_assets.ingest.inbox import Waiting, waiting_files
from tests.spark_assets.ingest.samples import drop

NOW = datetime(2018, 12, 1, 12, tzinfo=UTC)
QUIET = timedelta(seconds=60)
LONG_AGO = int(NOW.timestamp()) - 3600


def waiting(home: Path) -> Waiting:
    return waiting_files(str(home / "inbox"), str(home / "lake"), NOW, QUIET)


def test_new_files_are_ready_once_they_are_quiet(tmp_path: Path) -> None:
    drop(tmp_path / "inbox", "b.json", b"{}", LONG_AGO)
    drop(tmp_path / "inbox", "a/день 1.json.gz", b"{}", LONG_AGO)
    drop(tmp_path / "inbox", "now.json", b"{}", int(NOW.timestamp()) - 5)
    drop(tmp_path / "inbox", "notes.txt", b"{}", LONG_AGO)
    found = waiting(tmp_path)
    assert (found.ready, found.unsettled) == (["a/день 1.json.gz", "b.json"], 1)


def test_a_file_from_the_future_is_not_waited_for(tmp_path: Path) -> None:
    drop(tmp_path / "inbox", "later.json", b"{}", int(NOW.timestamp()) + 3_600)
    drop(tmp_path / "inbox", "now.json", b"{}", int(NOW.timestamp()) + 5)
    found = waiting(tmp_path)
    assert (found.ready, found.unsettled) == (["later.json"], 1)


def test_the_fingerprint_tells_one_drop_from_another(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    prints = [waiting(tmp_path).fingerprint]
    for name, content, modified in (
        ("a.json", b"{}", LONG_AGO),
        ("a.json", b"{} ", LONG_AGO),
        ("a.json", b"{} ", LONG_AGO - 1),
        ("b.json", b"{}", LONG_AGO),
    ):
        drop(tmp_path / "inbox", name, content, modified)
        assert waiting(tmp_path) == waiting(tmp_path)
        prints.append(waiting(tmp_path).fingerprint)
    assert len(set(prints)) == len(prints)


def test_a_missing_inbox_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MissingInboxError):
        waiting(tmp_path)
