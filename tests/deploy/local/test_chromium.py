from pathlib import Path

import pytest

from deploy.local import chromium
from deploy.local.errors import LocalError


def test_an_installed_browser_is_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    chromium.ensure_chromium({"PATH": str(tmp_path), "CI": "true"})
    assert capsys.readouterr() == ("", "")


def test_without_apt_it_is_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chromium.ensure_chromium({"PATH": str(tmp_path)})
    assert "sudo apt-get install chromium" in capsys.readouterr().err


def test_on_ci_it_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="no apt-get"):
        chromium.ensure_chromium({"PATH": str(tmp_path), "CI": "true"})


def test_a_user_who_may_not_install_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apt-get").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(LocalError, match="needs root"):
        chromium.ensure_chromium({"PATH": str(tmp_path), "CI": "true"})
