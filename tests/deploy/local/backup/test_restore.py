"""What a restore refuses, and that it fills another machine; the rest shows tests/e2e/test_restored_backup.py."""

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from deploy.local import services, supervision
from deploy.local.backup import lake as lake_files
from deploy.local.backup import manifest
from deploy.local.backup.create import backup
from deploy.local.backup.restore import restore
from deploy.local.console import LocalError
from deploy.local.environment import prepare, supervisor_environment
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.settings import Settings


@pytest.fixture
def folder(settings: Settings, home: Path) -> Path:
    """A backup of a database with one table, and of a lake with one file."""
    execute(home, "CREATE TABLE letters AS SELECT 'a' AS letter")
    Path(settings.lake).mkdir(parents=True)
    (Path(settings.lake) / "letters.parquet").write_text("a", encoding="utf-8")
    backup(settings, home.parent / "backup")
    return home.parent / "backup"


@pytest.fixture
def elsewhere(settings: Settings, home: Path) -> Iterator[Settings]:
    """Another machine, on which Encore has never run."""
    other = home.parent / "other"
    yield dataclasses.replace(settings, home=other, lake=str(other / "lake"))
    EmbeddedPostgres(other).stop()


def execute(home: Path, statement: str) -> list[tuple[object, ...]]:
    server = EmbeddedPostgres(home)
    server.role_urls()
    with closing(psycopg2.connect(str(server.url))) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_another_machine_is_filled(folder: Path, elsewhere: Settings) -> None:
    restore(elsewhere, folder, confirmed=True)
    assert execute(elsewhere.home, "SELECT letter FROM letters") == [("a",)]
    assert lake_files.names_of(Path(elsewhere.lake)) == ["letters.parquet"]
    assert oct((Path(elsewhere.lake) / "letters.parquet").stat().st_mode & 0o777) == "0o600"


def test_nothing_is_touched_while_encore_runs(
    settings: Settings, folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = dataclasses.replace(services.FOLLOWER, first_port=21_100)
    monkeypatch.setattr(services, "SERVICES", (own, dataclasses.replace(services.CODE, first_port=21_400)))
    supervision.ensure_running(settings, supervisor_environment(settings, prepare(settings)), {"follower": "1"})
    try:
        with pytest.raises(LocalError, match="`make down` first"):
            restore(settings, folder, confirmed=True)
    finally:
        supervision.stop(settings)
    restore(settings, folder, confirmed=True)


def test_a_backup_of_a_newer_server_is_refused(settings: Settings, folder: Path, home: Path) -> None:
    found = manifest.read(folder)
    (folder / manifest.NAME).unlink()
    manifest.write(folder, dataclasses.replace(found, postgres=99))
    execute(home, "UPDATE letters SET letter = 'b'")
    with pytest.raises(LocalError, match="is of PostgreSQL 99, this server of"):
        restore(settings, folder, confirmed=True)
    assert execute(home, "SELECT letter FROM letters") == [("b",)]


def test_a_migration_that_fails_changes_nothing(settings: Settings, folder: Path, home: Path) -> None:
    (settings.root / "webportal/manage.py").write_text("import sys\nsys.exit('no such table')\n", encoding="utf-8")
    execute(home, "UPDATE letters SET letter = 'b'")
    (Path(settings.lake) / "letters.parquet").write_text("b", encoding="utf-8")
    with pytest.raises(LocalError, match=r"(?s)no such table.*Nothing was changed"):
        restore(settings, folder, confirmed=True)
    assert execute(home, "SELECT letter FROM letters") == [("b",)]
    assert (Path(settings.lake) / "letters.parquet").read_text(encoding="utf-8") == "b"
    assert execute(home, "SELECT count(*) FROM pg_database") == [(4,)]


def test_what_a_restore_left_halfway_is_replaced(settings: Settings, folder: Path, home: Path) -> None:
    lake = Path(settings.lake)
    (lake / lake_files.ARRIVING).mkdir()
    (lake / lake_files.ARRIVING / "half.parquet").touch()
    lake_files.exchange(lake)
    restore(settings, folder, confirmed=True)
    assert sorted(path.name for path in lake.iterdir()) == [".lock", "letters.parquet"]
