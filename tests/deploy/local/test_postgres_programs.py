from pathlib import Path

import pytest

from deploy.local import postgres_programs
from deploy.local.console import LocalError
from deploy.local.service_account import server_account


def test_the_newest_serves_new_data(tmp_path: Path) -> None:
    versions = postgres_programs.installed()
    assert postgres_programs.choose(tmp_path) == versions[max(versions)]
    assert max(versions) >= 15


def test_programs_that_run_where_they_are_stay_there(home: Path) -> None:
    home.mkdir()
    account = server_account(home / "data")
    source = postgres_programs.choose(home)
    if postgres_programs.runs_for(account, source):
        assert postgres_programs.reachable_copy(source, home, account) == source


def test_a_copy_runs_with_its_libraries_and_is_made_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    account = server_account(home / "data")
    source = postgres_programs.choose(home)
    real = postgres_programs.runs_for
    monkeypatch.setattr(postgres_programs, "runs_for", lambda who, folder: folder != source and real(who, folder))
    target = postgres_programs.reachable_copy(source, home, account)
    assert target.is_relative_to(home)
    for program in ("postgres", "initdb", "pg_ctl"):
        assert account.run([str(target / "bin" / program), "--version"]).returncode == 0
    made = target.stat().st_ctime_ns
    assert postgres_programs.reachable_copy(source, home, account) == target
    assert target.stat().st_ctime_ns == made


def test_programs_that_cannot_run_are_explained(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    monkeypatch.setattr(postgres_programs, "runs_for", lambda who, folder: False)
    with pytest.raises(LocalError, match="noexec"):
        postgres_programs.reachable_copy(postgres_programs.choose(home), home, server_account(home / "data"))
