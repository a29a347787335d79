"""What a backup refuses and leaves behind; that it holds everything shows tests/e2e/test_restored_backup.py."""

from pathlib import Path

import pytest

from deploy.local.backup import lake as lake_files
from deploy.local.backup import manifest
from deploy.local.backup.create import backup
from deploy.local.console import LocalError
from deploy.local.settings import Settings


@pytest.fixture
def lake(settings: Settings) -> Path:
    lake = Path(settings.lake)
    (lake / "ledger").mkdir(parents=True)
    (lake / "ledger/000001.json").write_text("{}", encoding="utf-8")
    return lake


def test_before_the_first_publish_there_is_no_snapshot(settings: Settings, lake: Path, home: Path) -> None:
    made = backup(settings, home / "backup")
    assert (made.snapshot, made.rows, made.encore) == (None, {}, "0.0.1")
    assert sorted(made.files) == ["database.dump", "lake/ledger/000001.json"]
    assert manifest.read(home / "backup") == made
    manifest.verify(home / "backup", made)


def test_an_empty_folder_is_taken_and_what_an_earlier_one_left_goes(settings: Settings, lake: Path, home: Path) -> None:
    (home / "backup").mkdir(parents=True)
    (home / ".backup.partial").mkdir()
    (home / ".backup.partial/database.dump").touch()
    backup(settings, home / "backup")
    assert (home / "backup/manifest.json").exists()
    assert not (home / ".backup.partial").exists()


def test_a_folder_in_use_is_left_alone(settings: Settings, lake: Path, tmp_path: Path) -> None:
    (tmp_path / "letter").touch()
    with pytest.raises(LocalError, match="exists already"):
        backup(settings, tmp_path)
    with pytest.raises(LocalError, match="exists already"):
        backup(settings, tmp_path / "letter")
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


def test_a_folder_in_the_lake_is_refused(settings: Settings, lake: Path) -> None:
    with pytest.raises(LocalError, match="lies within the lake"):
        backup(settings, lake / "backup")


def test_a_lake_that_a_restore_left_halfway_is_not_taken_for_one(settings: Settings, lake: Path, home: Path) -> None:
    (lake / lake_files.ARRIVING).mkdir()
    lake_files.exchange(lake)
    with pytest.raises(LocalError, match="run `make restore` again first"):
        backup(settings, home / "backup")
    assert not (home / "backup").exists()
    assert not (home / ".backup.partial").exists()
