"""Dagster's settings over versions of Encore: brought up to date where nobody changed them, else left alone."""

from pathlib import Path

import pytest

from deploy.local import dagster_home as module
from deploy.local.dagster_home import AS_WRITTEN, DAGSTER_YAML, SETTINGS, dagster_home

Printed = pytest.CaptureFixture[str]
FIRST_YAML = """\
telemetry:
  enabled: false
concurrency:
  runs:
    # one machine, one lake: a second run at once would only wait for the first one's memory and files
    max_concurrent_runs: 1
"""
"""What Encore wrote in its first days."""

NEWER_YAML = DAGSTER_YAML.replace("free_slots_after_run_end_seconds: 60", "free_slots_after_run_end_seconds: 90")


def texts(home: Path) -> tuple[str, str]:
    folder = home / "dagster"
    return (folder / SETTINGS).read_text(encoding="utf-8"), (folder / AS_WRITTEN).read_text(encoding="utf-8")


def write(home: Path, text: str) -> Path:
    path = home / "dagster" / SETTINGS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_new_home_gets_settings_and_hears_nothing(tmp_path: Path, capsys: Printed) -> None:
    assert dagster_home(tmp_path) == tmp_path / "dagster"
    dagster_home(tmp_path)
    assert texts(tmp_path) == (DAGSTER_YAML, DAGSTER_YAML)
    assert capsys.readouterr() == ("", "")


def test_what_an_encore_without_copies_wrote_is_brought_up_to_date(tmp_path: Path, capsys: Printed) -> None:
    path = write(tmp_path, FIRST_YAML)
    dagster_home(tmp_path)
    assert texts(tmp_path) == (DAGSTER_YAML, DAGSTER_YAML)
    assert f"{path} was as an earlier Encore wrote it" in capsys.readouterr().err


def test_a_newer_text_takes_the_place_of_an_unchanged_one(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    dagster_home(tmp_path)
    monkeypatch.setattr(module, "DAGSTER_YAML", NEWER_YAML)
    dagster_home(tmp_path)
    assert texts(tmp_path) == (NEWER_YAML, NEWER_YAML)
    assert "brought up to date" in capsys.readouterr().err


def test_settings_changed_by_hand_stay_and_the_difference_to_a_newer_text_is_told_once(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    dagster_home(tmp_path)
    own = DAGSTER_YAML.replace("max_concurrent_runs: 1", "max_concurrent_runs: 2")
    path = write(tmp_path, own)
    dagster_home(tmp_path)
    assert capsys.readouterr().err == "", "the same Encore has nothing newer to tell of"
    monkeypatch.setattr(module, "DAGSTER_YAML", NEWER_YAML)
    dagster_home(tmp_path)
    told = capsys.readouterr().err
    assert told.startswith(f"Encore: {path} was changed by hand, so it stays as it is")
    lines = [line.strip() for line in told.splitlines()]
    assert "-    max_concurrent_runs: 2" in lines
    assert "+  free_slots_after_run_end_seconds: 90" in lines
    dagster_home(tmp_path)
    assert capsys.readouterr().err == ""
    assert texts(tmp_path) == (own, NEWER_YAML)


def test_settings_changed_by_hand_before_there_were_copies_stay_too(tmp_path: Path, capsys: Printed) -> None:
    own = FIRST_YAML.replace("max_concurrent_runs: 1", "max_concurrent_runs: 3")
    write(tmp_path, own)
    dagster_home(tmp_path)
    assert texts(tmp_path) == (own, DAGSTER_YAML)
    assert "-    max_concurrent_runs: 3" in capsys.readouterr().err


def test_bytes_that_are_no_text_are_somebodys_own(tmp_path: Path, capsys: Printed) -> None:
    path = write(tmp_path, "")
    path.write_bytes(b"telemetry: \xff\n")
    dagster_home(tmp_path)
    assert path.read_bytes() == b"telemetry: \xff\n"
    assert "changed by hand" in capsys.readouterr().err


def test_settings_taken_over_by_hand_count_as_encores_again(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "telemetry:\n  enabled: true\n")
    dagster_home(tmp_path)
    write(tmp_path, texts(tmp_path)[1])
    monkeypatch.setattr(module, "DAGSTER_YAML", NEWER_YAML)
    dagster_home(tmp_path)
    assert texts(tmp_path) == (NEWER_YAML, NEWER_YAML)
    assert "brought up to date" in capsys.readouterr().err
