import dataclasses
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import services
from deploy.local.down import clean, down, status
from deploy.local.errors import LocalError
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.settings import Settings
from deploy.local.up import up


@pytest.fixture(autouse=True)
def _own_ports(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[None]:
    """Keep away from the ports that a real Encore on this machine uses; stop whatever a test leaves."""
    own = tuple(dataclasses.replace(service, first_port=service.first_port + 12000) for service in services.SERVICES)
    for service in own:
        monkeypatch.setattr(services, service.name.upper(), service)
    monkeypatch.setattr(services, "SERVICES", own)
    yield
    down(settings)


def test_up_again_and_down(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    up(settings)
    first = capsys.readouterr().out
    assert "published" in first
    assert "pw-of-agent" in first
    assert "pw-of-admin" in first
    assert not any("pw-of" in log.read_text(encoding="utf-8") for log in settings.log_folder.iterdir())
    portal = services.record_of(services.PORTAL, settings)
    assert portal is not None
    assert portal.url in first
    follower = services.record_of(services.FOLLOWER, settings)
    assert follower is not None
    dagster = services.record_of(services.DAGSTER, settings)
    assert dagster is not None
    assert os.getpriority(os.PRIO_PROCESS, dagster.pid) > os.getpriority(os.PRIO_PROCESS, portal.pid)
    assert status(settings)
    assert f"Follower  running          {follower.url}  pid {follower.pid}" in capsys.readouterr().out

    up(settings)
    second = capsys.readouterr().out
    assert "nothing new" in second
    assert "pw-of" not in second
    assert "make password" in second
    assert services.record_of(services.PORTAL, settings) == portal
    assert services.record_of(services.FOLLOWER, settings) == follower
    assert services.record_of(services.DAGSTER, settings) == dagster

    # new code: a server that runs the old one would mislead
    wsgi = settings.root / "webportal" / "config" / "wsgi.py"
    wsgi.write_text(wsgi.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    (settings.home / "inbox" / "new.json").write_text("{}", encoding="utf-8")
    own = settings.home / "dagster" / "dagster.yaml"
    own.write_text(own.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    up(settings)
    third = capsys.readouterr().out
    assert "published" in third
    restarted = services.record_of(services.PORTAL, settings)
    assert restarted is not None
    assert (restarted.port, restarted.pid != portal.pid) == (portal.port, True)
    with_own_settings = services.record_of(services.DAGSTER, settings)
    assert with_own_settings is not None
    assert with_own_settings.pid != dagster.pid

    down(settings)
    stopped = capsys.readouterr().out
    assert "Portal    stopped" in stopped
    assert "Follower  stopped" in stopped
    assert not services.is_any_running(settings)
    assert EmbeddedPostgres(settings.home).pid() is None
    assert not status(settings)


def test_a_failing_step_is_named_with_its_log_and_what_to_do(settings: Settings) -> None:
    main = settings.root / "orchestration" / "__main__.py"
    main.write_text("import sys\nsys.exit('the lake is dry')\n", encoding="utf-8")
    with pytest.raises(LocalError) as caught:
        up(settings)
    text = str(caught.value)
    assert "Step 'materialize' failed with exit code 1" in text
    assert "the lake is dry" in text
    assert str(settings.log_folder / "materialize.log") in text
    assert "make up" in text
    assert not services.is_any_running(settings)


def test_a_server_that_ends_at_once_is_named_with_its_log(settings: Settings) -> None:
    wsgi = settings.root / "webportal" / "config" / "wsgi.py"
    wsgi.write_text("raise RuntimeError('no settings')\n", encoding="utf-8")
    with pytest.raises(LocalError, match="no settings") as caught:
        up(settings)
    assert "Portal ended with exit code" in str(caught.value)


def test_an_inbox_of_the_users_is_never_filled_with_samples(settings: Settings, tmp_path: Path) -> None:
    missing = dataclasses.replace(settings, logs=str(tmp_path / "nowhere"), own_logs=True)
    with pytest.raises(LocalError, match="holds no log files"):
        up(missing)
    assert not (tmp_path / "nowhere").exists()


def test_an_interrupted_simulation_leaves_the_inbox_empty(settings: Settings) -> None:
    simulate = settings.root / "spark_assets" / "jobs" / "simulate.py"
    good = simulate.read_text(encoding="utf-8")
    simulate.write_text(good + "sys.exit(1)\n", encoding="utf-8")
    with pytest.raises(LocalError, match="simulate"):
        up(settings)
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
