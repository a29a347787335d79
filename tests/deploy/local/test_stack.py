import dataclasses
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.local import services, supervision
from deploy.local.console import LocalError
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.processes import environment_value
from deploy.local.settings import Settings
from deploy.local.stack import PIPELINE_FAILED, clean, down, status, up


@pytest.fixture(autouse=True)
def _own_ports(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[None]:
    """Keep away from the ports that a real Encore on this machine uses; stop whatever a test leaves."""
    own = tuple(
        dataclasses.replace(service, first_port=service.first_port and service.first_port + 12000)
        for service in services.SERVICES
    )
    monkeypatch.setattr(services, "SERVICES", own)
    yield
    down(settings)


def pids(settings: Settings) -> dict[str, int]:
    return {name: info["pid"] for name, info in supervision.states(settings).items()}


def awaited(condition: Callable[[], Any], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_up_again_and_down(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert up(settings) == 0
    first = capsys.readouterr().out
    assert "pw-of-agent" in first
    assert "pw-of-admin" in first
    assert first.index("Encore is up.") < first.index("published")
    assert not any("pw-of" in log.read_text(encoding="utf-8") for log in settings.log_folder.iterdir())
    begun = pids(settings)
    assert set(begun) == {"postgres", "portal", "follower", "code", "dagster", "daemon"}
    assert f"http://127.0.0.1:{supervision.port_of(services.PORTAL, settings)}" in first
    for name in ("code", "dagster", "daemon"):
        assert os.getpriority(os.PRIO_PROCESS, begun[name]) > os.getpriority(os.PRIO_PROCESS, begun["portal"])
    for name in ("portal", "follower"):
        assert environment_value(begun[name], "ENCORE_PSEUDONYM_KEY") is None
        assert environment_value(begun[name], "PUBLISH_DATABASE_URL") is None
    assert environment_value(begun["code"], "DJANGO_SECRET_KEY") is None
    assert environment_value(begun["code"], "ENCORE_PSEUDONYM_KEY")
    assert status(settings)
    told = capsys.readouterr().out
    assert f"pid {begun['follower']}" in told
    assert "Daemon    running" in told
    assert "Version   0.0.1\n" in told

    assert up(settings) == 0
    second = capsys.readouterr().out
    assert "simulate" not in second
    assert "pw-of" not in second
    assert "make password" in second
    assert pids(settings) == begun

    # new code: a server that runs the old one would mislead
    port = supervision.port_of(services.PORTAL, settings)
    wsgi = settings.root / "webportal" / "config" / "wsgi.py"
    wsgi.write_text(wsgi.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    own = settings.home / "dagster" / "dagster.yaml"
    own.write_text(own.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    up(settings)
    restarted = pids(settings)
    assert all(restarted[name] != begun[name] for name in ("portal", "follower", "code", "dagster", "daemon"))
    assert (restarted["postgres"], supervision.port_of(services.PORTAL, settings)) == (begun["postgres"], port)

    # a variable that a server reads, whichever
    changed = dataclasses.replace(settings, environ={**settings.environ, "ENCORE_NOTICE_MAIL_TO": "ops@encore.example"})
    up(changed)
    assert environment_value(pids(settings)["code"], "ENCORE_NOTICE_MAIL_TO") == "ops@encore.example"

    capsys.readouterr()
    down(settings)
    stopped = capsys.readouterr().out
    assert "Portal    stopped" in stopped
    assert "Daemon    stopped" in stopped
    assert not supervision.is_any_running(settings)
    assert EmbeddedPostgres(settings.home).pid() is None
    assert not status(settings)


def test_what_dies_is_started_again_and_its_log_is_kept(settings: Settings) -> None:
    up(settings)
    begun = pids(settings)
    postgres = EmbeddedPostgres(settings.home).pid()
    assert postgres is not None
    log = services.log_of("daemon", settings)
    before = log.read_text(encoding="utf-8")
    assert before
    for pid in (*begun.values(), postgres):
        os.kill(pid, signal.SIGKILL)
    assert not status(settings)
    awaited(lambda: not set(pids(settings).values()) & set(begun.values()) and status(settings))
    assert EmbeddedPostgres(settings.home).pid() != postgres
    assert log.read_text(encoding="utf-8").startswith(before)


def test_servers_that_outlive_a_killed_supervisor_do_not_stay(settings: Settings) -> None:
    up(settings)
    begun = pids(settings)
    note = supervision.note_of(settings)
    assert note is not None
    os.kill(note.pid, signal.SIGKILL)
    awaited(lambda: not supervision.is_any_running(settings))
    assert not status(settings)
    up(settings)
    assert status(settings)
    assert not set(pids(settings).values()) & set(begun.values())


def test_status_sees_that_postgres_is_away(settings: Settings) -> None:
    up(settings)
    note = supervision.note_of(settings)
    assert note is not None
    os.kill(pids(settings)["postgres"], signal.SIGSTOP)  # else it would start it again
    EmbeddedPostgres(settings.home).stop()
    assert not status(settings)


def test_a_failing_pipeline_is_named_and_takes_no_server_with_it(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    main = settings.root / "orchestration" / "__main__.py"
    main.write_text("import sys\nsys.exit('the lake is dry')\n", encoding="utf-8")
    assert up(settings) == PIPELINE_FAILED
    text = capsys.readouterr().err
    assert "portal and Dagster are up, but the pipeline failed" in text
    assert "Step 'materialize' failed with exit code 1" in text
    assert "the lake is dry" in text
    assert str(settings.log_folder / "materialize.log") in text
    until = time.monotonic() + 30
    while not status(settings):  # the follower may need a second start on a busy machine
        assert time.monotonic() < until
        time.sleep(0.2)


def test_a_server_that_ends_at_once_is_named_with_its_log(settings: Settings) -> None:
    wsgi = settings.root / "webportal" / "config" / "wsgi.py"
    wsgi.write_text("raise RuntimeError('no settings')\n", encoding="utf-8")
    with pytest.raises(LocalError, match="no settings") as caught:
        up(settings)
    assert "Portal ended with exit code" in str(caught.value)


def test_a_missing_folder_of_logs_is_named_and_not_made(settings: Settings, tmp_path: Path) -> None:
    missing = dataclasses.replace(settings, logs=str(tmp_path / "nowhere"), own_logs=True)
    with pytest.raises(LocalError, match="is no folder"):
        up(missing)
    assert not (tmp_path / "nowhere").exists()


def test_an_interrupted_simulation_leaves_the_inbox_empty(settings: Settings) -> None:
    simulate = settings.root / "spark_assets" / "simulation" / "__main__.py"
    good = simulate.read_text(encoding="utf-8")
    simulate.write_text(good + "sys.exit(1)\n", encoding="utf-8")
    assert up(settings) == PIPELINE_FAILED
    assert list((settings.home / "inbox").iterdir()) == []


def test_clean_wants_a_confirmation_and_spares_strange_folders(settings: Settings) -> None:
    settings.home.mkdir()
    with pytest.raises(LocalError, match="CONFIRM=yes"):
        clean(settings, confirmed=False)
    with pytest.raises(LocalError, match="does not look like"):
        clean(settings, confirmed=True)
    EmbeddedPostgres(settings.home).start()
    clean(settings, confirmed=True)
    assert not settings.home.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another user")
def test_clean_deletes_a_cluster_that_lies_outside(settings: Settings, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    closed = dataclasses.replace(settings, home=tmp_path / "home")
    server = EmbeddedPostgres(closed.home)
    server.start()
    outside = server.root
    try:
        assert outside.is_dir()
        clean(closed, confirmed=True)
        assert not outside.exists()
    finally:
        shutil.rmtree(outside, ignore_errors=True)
