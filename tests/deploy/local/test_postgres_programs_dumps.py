import os
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from deploy.local.console import LocalError
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.postgres_programs import installed, programs_for
from deploy.local.processes import PROC, command_line

PATIENCE_S = 60


def test_the_oldest_programs_that_know_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    for version in installed():
        assert programs_for(version).major == version
    assert programs_for(min(installed()) - 1).major == min(installed())


def test_older_programs_on_path_go_before_newer_ones_of_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Newer ones may write what an older server refuses, as `SET transaction_timeout` to PostgreSQL 15."""
    oldest = min(installed()) - 1
    program = tmp_path / "pg_dump"
    program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {oldest}.1'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert programs_for(oldest).major == oldest


def test_a_server_that_is_too_new_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(LocalError, match=r"PostgreSQL 99.*postgresql-client-99"):
        programs_for(99)


def test_the_password_is_on_no_command_line(server: EmbeddedPostgres, tmp_path: Path) -> None:
    url = str(server.url)
    password = str(urlsplit(url).password)
    holder, exporter = psycopg2.connect(url), psycopg2.connect(url)
    exporter.set_session(isolation_level="REPEATABLE READ")
    with holder.cursor() as cursor:
        cursor.execute("CREATE TABLE held (x integer)")
        holder.commit()
        cursor.execute("LOCK TABLE held IN ACCESS EXCLUSIVE MODE")  # pg_dump waits here, to be looked at
    with exporter.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        (moment,) = cursor.fetchall()[0]
    programs = programs_for(holder.server_version // 10000)
    dumping = threading.Thread(target=programs.dump, args=(url, moment, tmp_path / "dump"))
    dumping.start()
    try:
        words = _words_of_pg_dump()
    finally:
        holder.rollback()
        dumping.join()
        exporter.close()
        with holder, holder.cursor() as cursor:
            cursor.execute("DROP TABLE held")
        holder.close()
    assert any("dbname=encore" in word for word in words)
    assert not any(password in word for word in words)
    assert (tmp_path / "dump").stat().st_size > 0


def _words_of_pg_dump() -> list[str]:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        for entry in PROC.iterdir():
            if entry.name.isdigit():
                words = command_line(int(entry.name))
                if words and os.path.basename(words[0]) == "pg_dump":  # noqa: PTH119 - a word, not a path
                    return words
        time.sleep(0.02)
    raise AssertionError("pg_dump did not begin")


def test_what_pg_restore_says_is_told_without_the_password(server: EmbeddedPostgres, tmp_path: Path) -> None:
    (tmp_path / "dump").write_bytes(b"no archive")
    url = str(server.url)
    with pytest.raises(LocalError, match=r"pg_restore failed:\n    pg_restore: error: input file") as caught:
        programs_for(16).load(url, tmp_path / "dump")
    assert str(urlsplit(url).password) not in str(caught.value)
