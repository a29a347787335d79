from pathlib import Path

import pytest

from deploy.local import tools
from deploy.local.console import LocalError
from deploy.local.tools import CHROMIUM, PGBOUNCER


def test_an_installed_browser_is_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    tools.ensure(CHROMIUM, {"PATH": str(tmp_path), "CI": "true"})
    assert capsys.readouterr() == ("", "")


def test_without_apt_it_is_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tools.ensure(CHROMIUM, {"PATH": str(tmp_path)})
    assert "sudo apt-get install chromium" in capsys.readouterr().err


def test_on_ci_it_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="no apt-get"):
        tools.ensure(CHROMIUM, {"PATH": str(tmp_path), "CI": "true"})


def test_a_user_who_may_not_install_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apt-get").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(LocalError, match="needs root"):
        tools.ensure(CHROMIUM, {"PATH": str(tmp_path), "CI": "true"})


def test_a_server_that_debian_lays_beside_the_path_of_users_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "sbin"
    folder.mkdir()
    monkeypatch.setattr(tools, "SYSTEM_PROGRAMS", str(folder))
    tools.ensure(PGBOUNCER, {"PATH": str(tmp_path)})
    assert "There is no PgBouncer for the tests of locks behind a pool" in capsys.readouterr().err
    (folder / "pgbouncer").write_text("#!/bin/sh\n", encoding="utf-8")
    (folder / "pgbouncer").chmod(0o755)
    tools.ensure(PGBOUNCER, {"PATH": str(tmp_path), "CI": "true"})
    assert capsys.readouterr() == ("", "")
