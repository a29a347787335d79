import os
import stat
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from deploy.local import processes
from deploy.local.console import LocalError
from deploy.local.postgres import NO_PROCESS, EmbeddedPostgres
from deploy.local.processes import command_line

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another user")


def ask(url: str | None, query: str) -> object:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            row = cursor.fetchone()
            return row[0] if row else None
    finally:
        connection.close()


def test_start_gives_a_working_database_and_is_idempotent(server: EmbeddedPostgres) -> None:
    pid = server.pid()
    assert server.start() == server.url
    assert server.pid() == pid
    assert ask(server.url, "SELECT lower('ÉCOLE')") == "école"
    assert ask(server.url, "SELECT current_setting('fsync')") == "on"


def test_role_may_create_databases_but_is_no_superuser(server: EmbeddedPostgres) -> None:
    assert ask(server.url, "SELECT rolcreatedb AND NOT rolsuper FROM pg_roles WHERE rolname = current_user")


def test_listens_on_loopback_only_and_wants_the_password(server: EmbeddedPostgres) -> None:
    assert ask(server.url, "SELECT current_setting('listen_addresses')") == "127.0.0.1"
    settings = (server.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    assert settings[4] == ""  # the folder of the Unix socket: there is none
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(f"postgresql://encore:wrong@127.0.0.1:{server.port}/encore")


def test_url_is_readable_by_its_owner_only(server: EmbeddedPostgres) -> None:
    assert stat.S_IMODE(server.url_file.stat().st_mode) == 0o600


def test_outlives_the_process_that_started_it(home: Path) -> None:
    code = "import sys; from pathlib import Path; from deploy.local.postgres import EmbeddedPostgres\n"
    code += "EmbeddedPostgres(Path(sys.argv[1])).start()"
    subprocess.run([sys.executable, "-c", code, str(home)], check=True, cwd=Path(__file__).parents[3])
    server = EmbeddedPostgres(home)
    assert ask(server.url, "SELECT 1") == 1
    assert server.stop()
    assert server.pid() is None
    assert not server.stop()


def test_data_stay_and_a_taken_port_is_changed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = EmbeddedPostgres(home)
    first = server.start()
    connection = psycopg2.connect(first)
    connection.cursor().execute("CREATE TABLE kept AS SELECT 7 AS number")
    connection.commit()
    connection.close()
    server.stop()
    taken = server.port
    real = processes.is_free
    monkeypatch.setattr(processes, "is_free", lambda port: port != taken and real(port))
    second = server.start()
    assert server.port != taken
    assert ask(second, "SELECT number FROM kept") == 7


def test_a_stale_pid_file_does_not_hinder_the_start(home: Path) -> None:
    server = EmbeddedPostgres(home)
    server.start()
    pid_file = server.data / "postmaster.pid"
    note = pid_file.read_text(encoding="utf-8")
    server.stop()
    # the number of the crashed server is borne by another process now: this one
    pid_file.write_text(f"{os.getpid()}\n{note.partition(chr(10))[2]}", encoding="utf-8")
    assert server.pid() is None
    assert not server.stop()
    assert ask(server.start(), "SELECT 1") == 1


def test_no_process_can_bear_the_stand_in_number() -> None:
    assert int(Path("/proc/sys/kernel/pid_max").read_text(encoding="ascii")) <= NO_PROCESS


def test_a_broken_first_start_is_made_good(home: Path) -> None:
    server = EmbeddedPostgres(home)
    server.start()
    server.stop()
    server.data.rename(server.root / "data.partial")  # as if killed before the last step
    assert ask(server.start(), "SELECT 1") == 1
    assert not (server.root / "data.partial").exists()


def test_data_of_another_version_are_refused(home: Path) -> None:
    server = EmbeddedPostgres(home)
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("9\n", encoding="ascii")
    with pytest.raises(LocalError, match="made by PostgreSQL 9"):
        server.start()


@needs_root
def test_as_root_the_server_runs_as_a_service_user(server: EmbeddedPostgres) -> None:
    pid = server.pid()
    assert pid is not None
    assert Path(f"/proc/{pid}").stat().st_uid != 0
    assert server.root == server.folder / "server"


@needs_root
def test_as_root_an_unreachable_home_moves_the_cluster(tmp_path: Path, home: Path) -> None:
    tmp_path.chmod(0o700)
    closed = tmp_path / "home"
    shared = home.parent / "var"
    server = EmbeddedPostgres(closed, shared)
    try:
        assert ask(server.start(), "SELECT 1") == 1
        assert server.root.parent == shared
        assert server.location_file.read_text(encoding="utf-8").strip() == str(server.root)
        assert str(server.data) in command_line(server.pid() or 0)
    finally:
        server.stop()
    server.remove()
    assert not server.root.exists()
