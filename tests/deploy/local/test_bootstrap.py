import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.local import bootstrap
from deploy.local.console import LocalError


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the installing commands instead of running them; they all succeed."""
    made: list[str] = []

    def succeed(command: Sequence[str], environ: dict[str, str]) -> bool:
        made.append(" ".join(command))
        return True

    monkeypatch.setattr(bootstrap, "_succeeds", succeed)
    return made


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("# head\nthing==1\n", encoding="utf-8")
    (tmp_path / "requirements-dev.txt").write_text("# head\nthing==1\nlint==2\n", encoding="utf-8")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    return tmp_path


def installs(calls: list[str]) -> int:
    return sum(" -r " in call for call in calls)


def test_a_second_call_installs_nothing(clone: Path, calls: list[str]) -> None:
    bootstrap.ensure_environment(clone, dev=False)
    bootstrap.ensure_environment(clone, dev=False)
    assert installs(calls) == 1


def test_changed_requirements_are_installed(clone: Path, calls: list[str]) -> None:
    bootstrap.ensure_environment(clone, dev=False)
    (clone / "requirements.txt").write_text("thing==2\n", encoding="utf-8")
    bootstrap.ensure_environment(clone, dev=False)
    assert installs(calls) == 2


def test_tests_need_more_than_running_does(clone: Path, calls: list[str]) -> None:
    bootstrap.ensure_environment(clone, dev=False)
    bootstrap.ensure_environment(clone, dev=True)
    assert calls[-1].endswith("requirements-dev.txt")
    assert installs(calls) == 2


def test_pip_is_tried_when_uv_fails(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def without_uv(command: Sequence[str], environ: dict[str, str]) -> bool:
        made.append(command[0])
        return not command[0].endswith("/uv")

    monkeypatch.setattr(bootstrap, "_succeeds", without_uv)
    bootstrap.ensure_environment(clone, dev=False)
    assert [Path(program).name for program in made[-2:]] == ["uv", "python"]


def test_no_network_is_explained_and_leaves_no_stamp(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_succeeds", lambda command, environ: "-c" in command)
    with pytest.raises(LocalError, match="connection and the proxy"):
        bootstrap.ensure_environment(clone, dev=False)
    assert not list((clone / ".venv").glob("*.stamp"))


def test_a_python_without_ensurepip_is_explained(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    monkeypatch.setattr(bootstrap, "_runs", lambda venv: False)
    with pytest.raises(LocalError, match=r"python3\.11-venv"):
        bootstrap.ensure_environment(clone, dev=False)


def test_another_python_is_refused(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "WANTED", (3, 99))
    with pytest.raises(LocalError, match="Encore needs"):
        bootstrap.ensure_environment(clone, dev=False)


def test_a_real_environment_is_made_and_found_again(tmp_path: Path) -> None:
    bootstrap._make(tmp_path / ".venv")
    assert bootstrap._runs(tmp_path / ".venv")
    (tmp_path / ".venv" / "bin" / "python").unlink()
    assert not bootstrap._runs(tmp_path / ".venv")
