"""The service for real: snapshots come, Postgres goes and comes back, and SIGTERM ends it in good order."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path

import psycopg2
import pytest
from django.core.mail import send_mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from deploy.local.postgres import EmbeddedPostgres
from tests.webportal.alerts.conftest import DECEMBER, HIGH, LOW, NOVEMBER, published, scored
from tests.webportal.browser.harness import ROOT, manage, portal_environment
from tests.webportal.publishing import Row, publish
from webportal.accounts.models import User
from webportal.alerts.models import Delivery, Watch

PATIENCE_S = 90
WATCH = """
insert into alerts_watch (owner_id, customer_number, band, level, place, by_mail, since_snapshot, created_at)
select id, '7', '', '', '', false, 0, now() from accounts_user where username = 'agent'
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """A Postgres of this test's own, with the portal's tables and its first users, one of whom watches number 7."""
    made = EmbeddedPostgres(tmp_path)
    environment = portal_environment(made.start())
    manage(environment, "migrate", "--noinput", "-v", "0")
    manage(environment, "create_first_users")
    execute(made, WATCH)
    yield made
    made.stop()
    made.remove()


def execute(server: EmbeddedPostgres, statement: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(str(server.url))) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def put(server: EmbeddedPostgres, rows: list[Row], **facts: object) -> int:
    with closing(psycopg2.connect(str(server.url))) as connection, connection, connection.cursor() as cursor:
        return publish(cursor, rows, **facts)


@contextmanager
def following(server: EmbeddedPostgres, log: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "webportal/manage.py", "follow_snapshots", "--every", "1", *options]
    environment = portal_environment(str(server.url)) | {"ENCORE_LOG_FORMAT": "json"}
    with log.open("wb") as lines:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=lines)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def lines_of(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.endswith("}")]


def wait_until(happened: Callable[[], bool], log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < until, log.read_text(encoding="utf-8")
        time.sleep(0.1)


def test_follows_snapshots_through_a_restart_of_postgres_to_a_graceful_end(
    server: EmbeddedPostgres, tmp_path: Path
) -> None:
    log = tmp_path / "follower.log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def told(text: str) -> bool:
        return any(text in str(line["message"]) for line in lines_of(log))

    def measured() -> list[tuple[object, ...]]:
        return execute(server, "select snapshot_id from desk_holdoutmeasure order by 1")

    with following(server, log, "--bind", f"127.0.0.1:{port}") as process:
        wait_until(lambda: told("Following snapshots, with a look every 1 s."), log)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert answer.status == 200
        first = put(server, [scored("7", LOW)], as_of_date=NOVEMBER)
        wait_until(lambda: measured() == [(first,)], log)
        assert execute(server, "select * from alerts_alert") == []

        server.stop()
        wait_until(lambda: told("The database failed, the next look tries again: OperationalError"), log)
        assert process.poll() is None
        server.start()

        second = put(server, [scored("7", HIGH)], as_of_date=DECEMBER)
        wait_until(lambda: any(line.get("alerts") == 1 for line in lines_of(log)), log)
        assert measured() == [(first,), (second,)]
        assert execute(server, "select snapshot_id from alerts_alert") == [(second,)]

        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_S) == 0
    last = lines_of(log)[-1]
    assert (last["message"], last["logger"], last["level"]) == (
        "Asked to end, and ended.",
        "webportal.operations.snapshot_follower",
        "INFO",
    )


def told(**options: object) -> str:
    out = StringIO()
    call_command("follow_snapshots", stdout=out, **options)
    return out.getvalue()


def test_once_says_what_came_of_it(agent: User) -> None:
    assert told(once=True) == "Nothing has been published yet.\n"
    Watch.objects.create(owner=agent, customer_number="7")
    published([scored("7", LOW)], as_of_date=NOVEMBER)
    published([scored("7", HIGH)], as_of_date=DECEMBER)
    assert told(once=True) == "Counted 0 snapshots and 0 contacts. Alerts: 1 new; sent 0, failed 0.\n"
    assert told(once=True) == "Counted 0 snapshots and 0 contacts. Alerts: 0 new; sent 0, failed 0.\n"


def test_once_fails_in_its_own_way_when_something_could_not_be_sent(
    agent: User, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.EMAIL_BACKEND = "webportal.alerts.outbox.Outbox"
    send_mail("Hello", "Text", None, ["agent@desk.example"])
    with pytest.raises(CommandError, match=r"1 could not be delivered.*next look tries again") as failed:
        call_command("follow_snapshots", "--once")
    assert failed.value.returncode == 75
    assert capsys.readouterr().out == "Nothing has been published yet. Mails: sent 0, failed 1.\n"
    assert told(once=True) == "Nothing has been published yet.\n"  # it waits for its next attempt
    Delivery.objects.update(expires_at=timezone.now(), next_at=timezone.now())
    assert told(once=True) == "Nothing has been published yet. Mails: sent 0, failed 0, dropped 1.\n"


@pytest.mark.parametrize("every", [0, 86_401, -1])
def test_a_pace_is_bounded(db: None, every: int) -> None:
    with pytest.raises(CommandError, match="1 to 86400"):
        told(every=every)


@pytest.mark.parametrize("place", ["8100", "127.0.0.1:", ":8100", "127.0.0.1:port", "127.0.0.1:65536"])
def test_a_place_to_answer_at_has_host_and_port(place: str) -> None:
    with pytest.raises(CommandError, match="HOST:PORT"):
        call_command("follow_snapshots", "--bind", place)
