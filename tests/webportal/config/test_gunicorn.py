"""The folder in which workers keep their figures (there before any worker, gone afterwards), and their garbage."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from webportal.config import gunicorn

FIGURES = "PROMETHEUS_MULTIPROC_DIR"


@pytest.fixture(autouse=True)
def nothing_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gunicorn, "_made", [])


def test_reading_the_settings_makes_nothing() -> None:
    assert FIGURES not in os.environ  # imported above, as tests and tools do: what they start would share the folder


def test_a_folder_of_its_own_lives_as_long_as_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FIGURES, "")
    gunicorn.on_starting(server=None)
    folder = Path(os.environ[FIGURES])
    assert folder.is_dir()
    gunicorn.on_exit(server=None)
    assert not folder.exists()


def test_a_named_folder_is_made_and_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named = tmp_path / "not" / "yet"
    monkeypatch.setenv(FIGURES, str(named))
    gunicorn.on_starting(server=None)
    gunicorn.on_exit(server=None)
    assert named.is_dir()


def test_nothing_is_left_to_import_when_workers_end_together() -> None:
    starts = f"""
import sys
from webportal.config import gunicorn
assert "prometheus_client" not in sys.modules
gunicorn.on_starting(server=None)
before = set(sys.modules)
gunicorn.child_exit(server=None, worker=type("Worker", (), {{"pid": {os.getpid()}}}))
gunicorn.on_exit(server=None)
print(*sorted(set(sys.modules) - before))
"""
    left = subprocess.run([sys.executable, "-c", starts], check=True, capture_output=True, text=True)
    assert left.stdout.split() == []


def test_a_worker_never_looks_again_for_garbage_in_what_it_imported() -> None:
    thresholds = gc.get_threshold()
    try:
        gunicorn.post_worker_init(worker=None)
        frozen, left = gc.get_freeze_count(), len(gc.get_objects())
        assert gc.get_threshold()[0] > thresholds[0]
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
    assert frozen > 100 * left
