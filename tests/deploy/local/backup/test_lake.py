import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.local.backup import lake as lake_files
from deploy.local.backup.lake import ARRIVING, LEAVING, LEFT
from deploy.local.console import LocalError
from spark_assets.errors import LakeBusyError
from spark_assets.lake.lock import only_step

OLD = {"ledger/000001.json": "old", "scores/part.parquet": "old", "old.json": "old"}
NEW = {"ledger/000001.json": "new", "ledger/000002.json": "new", "scores/part.parquet": "new", "new.json": "new"}


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A lake of old files, with new ones that have arrived."""
    lake = tmp_path / "lake"
    put(lake, OLD)
    put(lake / ARRIVING, NEW)
    (lake / ".lock").touch()
    return lake


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def content(lake: Path) -> dict[str, str]:
    return {name: (lake / name).read_text(encoding="utf-8") for name in lake_files.names_of(lake)}


def silent(_: str) -> None:
    return


def test_a_backup_keeps_steps_out_which_are_told_so(tmp_path: Path) -> None:
    with lake_files.locked(tmp_path, "A backup", silent):
        refused = pytest.raises(LakeBusyError, match=f"A backup of process {os.getpid()} is at work")
        with refused, only_step(str(tmp_path), "daily_activity"):
            pass
    with only_step(str(tmp_path), "daily_activity"):
        pass


def test_a_step_that_does_not_end_is_named(tmp_path: Path) -> None:
    told: list[str] = []
    with only_step(str(tmp_path), "daily_activity"):
        refused = pytest.raises(
            LocalError, match=f"Step daily_activity of process {os.getpid()} is at work in the lake"
        )
        with refused, lake_files.locked(tmp_path, "A backup", told.append, patience=0.2, pause=0.05):
            pass
    assert told == [f"Step daily_activity of process {os.getpid()} is at work in the lake, and waited for"]


def test_a_step_that_ends_is_waited_for(tmp_path: Path) -> None:
    with ExitStack() as step:
        step.enter_context(only_step(str(tmp_path), "daily_activity"))
        with lake_files.locked(tmp_path, "A backup", lambda _: step.close(), pause=0.05):
            assert (tmp_path / ".lock").read_text(encoding="utf-8").startswith("A backup of process")


def test_lists_files_without_lock_and_remains(lake: Path) -> None:
    assert lake_files.names_of(lake) == sorted(OLD)


def test_exchanges_all_and_takes_it_back(lake: Path) -> None:
    lake_files.exchange(lake)
    assert content(lake) == NEW
    assert lake_files.is_halfway(lake)
    lake_files.take_back(lake)
    assert content(lake) == OLD
    assert not lake_files.is_halfway(lake)
    lake_files.exchange(lake)
    lake_files.clear(lake)
    assert content(lake) == NEW
    assert sorted(path.name for path in lake.iterdir()) == [".lock", "ledger", "new.json", "scores"]


@pytest.mark.parametrize("moves", range(8))
@pytest.mark.parametrize("undone", [False, True])
def test_an_exchange_cut_off_anywhere_is_taken_back(
    lake: Path, monkeypatch: pytest.MonkeyPatch, moves: int, undone: bool
) -> None:
    """After any of its seven moves; and cut off once more, at each move, while it is taken back."""
    with cut_off(monkeypatch, moves):
        lake_files.exchange(lake)
    if undone:
        for more in range(8):
            with cut_off(monkeypatch, more):
                lake_files.take_back(lake)
    lake_files.take_back(lake)
    assert content(lake) == OLD
    assert not (lake / LEAVING).exists()
    assert not (lake / LEFT).exists()
    put(lake / ARRIVING, NEW)
    lake_files.exchange(lake)
    assert content(lake) == NEW


class CutOffError(Exception):
    pass


class cut_off:  # noqa: N801 - reads as a function
    """Lets so many renames happen within a block, and then ends it."""

    def __init__(self, patch: pytest.MonkeyPatch, moves: int) -> None:
        self.patch, self.left = patch, moves
        self.rename: Callable[..., Path] = Path.rename

    def __enter__(self) -> None:
        def rename(path: Path, target: Path) -> Path:
            if not self.left:
                raise CutOffError
            self.left -= 1
            return self.rename(path, target)

        self.patch.setattr(Path, "rename", rename)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        self.patch.setattr(Path, "rename", self.rename)
        return kind is None or issubclass(kind, CutOffError)
