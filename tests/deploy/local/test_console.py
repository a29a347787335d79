import sys
from pathlib import Path

import pytest

from deploy.local.console import LocalError, Step, run_step


def run(code: str, folder: Path, shown: list[str], *, is_secret: bool = False, heartbeat: float = 15.0) -> list[str]:
    step = Step("probe", (sys.executable, "-u", "-c", code), "Try again.", is_secret)
    return run_step(step, {}, folder, folder / "probe.log", shown.append, heartbeat)


def test_what_it_prints_is_shown_and_logged_and_its_errors_are_logged_only(tmp_path: Path) -> None:
    shown: list[str] = []
    lines = run("import sys; print('one'); print('loud', file=sys.stderr); print('two')", tmp_path, shown)
    assert lines == shown == ["one", "two"]
    assert sorted((tmp_path / "probe.log").read_text(encoding="utf-8").split()) == ["loud", "one", "two"]


def test_what_a_secret_step_prints_is_returned_only(tmp_path: Path) -> None:
    shown: list[str] = []
    assert run("print('agent pw')", tmp_path, shown, is_secret=True) == ["agent pw"]
    assert shown == []
    assert (tmp_path / "probe.log").read_bytes() == b""


def test_a_silent_step_shows_that_it_works(tmp_path: Path) -> None:
    shown: list[str] = []
    run("import time; time.sleep(0.7)", tmp_path, shown, heartbeat=0.2)
    assert "... still at work" in shown


def test_a_child_left_behind_does_not_hold_it_up(tmp_path: Path) -> None:
    code = "import subprocess; print('done'); subprocess.Popen(['sleep', '5'])"
    assert run(code, tmp_path, [], heartbeat=0.2) == ["done"]


def test_a_failure_names_step_code_log_and_hint(tmp_path: Path) -> None:
    with pytest.raises(LocalError) as caught:
        run("import sys; print('before'); sys.exit('the reason')", tmp_path, [])
    text = str(caught.value)
    assert "Step 'probe' failed with exit code 1" in text
    assert "the reason" in text
    assert text.endswith("Try again.")
