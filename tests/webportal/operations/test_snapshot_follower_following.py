"""A look counts once a snapshot, tells who watches, never beside another, and outlives what fails."""

import json
import logging
from collections.abc import Callable
from urllib.parse import quote, urlsplit

import pytest
from django.core import mail
from django.db import DatabaseError, connection

from tests.pgbouncer import other_clients, pooled
from tests.webportal.alerts.conftest import DECEMBER, HIGH, LOW, NOVEMBER, published, scored
from webportal.accounts.models import User
from webportal.alerts import delivery
from webportal.alerts.models import Alert, Watch
from webportal.desk import measurement
from webportal.desk.models import HoldOutMeasure
from webportal.operations import snapshot_follower
from webportal.operations.logs import JsonLines
from webportal.operations.snapshot_follower import RUN_AGAIN_S, Follower, Look, alone, look_and_log

COUNTED = "Counted 0 snapshots and 0 contacts."
WAITS = "Another follower is at work in this database. This one waits for its turn."
END_IT = (
    "select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database "
    "where l.locktype = 'advisory' and l.objid = %s and d.datname = current_database()"
)


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def follower(clock: Clock) -> Follower:
    return Follower(may_go_on=lambda: True, clock=clock)


@pytest.fixture
def watching(db: None, agent: User) -> User:
    """The agent, who has an address of mail and watches number 7."""
    agent.email = "agent@desk.example"
    agent.save()
    Watch.objects.create(owner=agent, customer_number="7")
    return agent


def look(follower: Follower) -> Look:
    done = follower.look()
    assert done is not None
    return done


def test_nothing_before_the_first_publish(db: None, follower: Follower) -> None:
    done = look(follower)
    assert (done.snapshot, str(done)) == (None, "Nothing has been published yet.")
    assert not done.is_worth_a_line
    assert not HoldOutMeasure.objects.exists()


def test_each_snapshot_is_counted_and_told_once(watching: User, follower: Follower) -> None:
    first = published([scored("7", LOW)], as_of_date=NOVEMBER)
    assert str(look(follower)) == "Counted 0 snapshots and 0 contacts. Alerts: 0 new; sent 0, failed 0."
    second = published([scored("7", HIGH)], as_of_date=DECEMBER)
    assert str(look(follower)) == "Counted 0 snapshots and 0 contacts. Alerts: 1 new; sent 1, failed 0."
    done = look(follower)
    assert (str(done), done.is_worth_a_line) == ("Alerts: 0 new; sent 0, failed 0.", False)
    assert list(HoldOutMeasure.objects.order_by("pk").values_list("snapshot_id", flat=True)) == [first, second]
    assert len(mail.outbox) == 1


def test_counts_again_after_a_while_for_what_agents_corrected(db: None, follower: Follower, clock: Clock) -> None:
    published([scored("7", LOW)])
    assert str(look(follower)).startswith(COUNTED)
    clock.now += RUN_AGAIN_S - 1
    assert not str(look(follower)).startswith("Counted")
    clock.now += 1
    assert str(look(follower)).startswith(COUNTED)


def test_what_may_not_go_on_is_kept_for_the_next_look(watching: User) -> None:
    published([scored("7", LOW)], as_of_date=NOVEMBER)
    published([scored("7", HIGH)], as_of_date=DECEMBER)
    stopped = look(Follower(may_go_on=lambda: False))
    assert (stopped.facts["alerts"], stopped.facts["sent"], mail.outbox) == (1, 0, [])
    assert look(Follower(may_go_on=lambda: True)).facts["sent"] == 1


def test_a_failure_to_count_keeps_no_alert_back(
    watching: User, follower: Follower, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    published([scored("7", LOW)], as_of_date=NOVEMBER)
    look(follower)
    published([scored("7", HIGH)], as_of_date=DECEMBER)
    monkeypatch.setattr(measurement, "measure", fail_with(ZeroDivisionError("of nobody")))
    look_and_log(follower)
    assert (Alert.objects.count(), len(mail.outbox)) == (1, 1)
    assert "ZeroDivisionError: of nobody" in caplog.text
    monkeypatch.undo()
    assert str(look(follower)).startswith(COUNTED)  # it was not taken for counted


def test_of_a_failed_database_the_log_has_the_first_line_alone(
    db: None, follower: Follower, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(delivery, "find_alerts", fail_with(DatabaseError("canceled\nDETAIL: Key (300001)")))
    monkeypatch.setattr(snapshot_follower.connection, "close", lambda: None)  # the test's transaction lives in it
    look_and_log(follower)
    (record,) = [each for each in caplog.records if each.name == snapshot_follower.logger.name]
    assert record.levelname == "WARNING"
    assert record.getMessage() == "The database failed, the next look tries again: DatabaseError: canceled"


def test_the_line_of_a_look_has_its_figures(
    watching: User, follower: Follower, caplog: pytest.LogCaptureFixture
) -> None:
    published([scored("7", LOW)], as_of_date=NOVEMBER)
    snapshot = published([scored("7", HIGH)], as_of_date=DECEMBER)
    with caplog.at_level(logging.INFO, snapshot_follower.logger.name):
        look_and_log(follower)
        look_and_log(follower)
    (record,) = [each for each in caplog.records if each.name == snapshot_follower.logger.name]
    document = json.loads(JsonLines().format(record))
    assert (document["snapshot"], document["alerts"], document["sent"], document["failed"]) == (snapshot, 1, 1, 0)
    assert (document["counted_snapshots"], document["counted_contacts"]) == (0, 0)


def test_two_looks_are_never_at_once(db: None, follower: Follower, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, snapshot_follower.logger.name):
        with alone() as is_held:
            assert is_held is not None
            assert is_held()
            assert follower.look() is None
            look_and_log(follower)
            look_and_log(follower)
        look_and_log(follower)
    assert [each.getMessage() for each in caplog.records].count(WAITS) == 1
    look(follower)  # the lock was let go


def test_a_look_that_lost_its_lock_sends_no_more(watching: User, follower: Follower) -> None:
    published([scored("7", LOW)], as_of_date=NOVEMBER)
    look(follower)
    published([scored("7", HIGH)], as_of_date=DECEMBER)
    asked: list[bool] = []

    def may_go_on() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(END_IT, [snapshot_follower._LOCK])
        asked.append(True)
        return True

    assert look(Follower(may_go_on)).facts["sent"] == 0
    assert asked == [True]
    assert look(follower).facts["sent"] == 1


def test_two_followers_behind_a_pool_take_turns(db: None, follower: Follower) -> None:
    """In transaction pooling a session belongs to no client: only what a transaction holds is anybody's."""
    server = connection.settings_dict
    direct = {name: server[name] for name in ("HOST", "PORT")}
    url = f"postgresql://{quote(server['USER'])}:{quote(server['PASSWORD'])}@{server['HOST']}:{server['PORT']}/{quote(server['NAME'])}"
    with pooled(url) as through, other_clients(through):
        server.update(HOST="127.0.0.1", PORT=str(urlsplit(through).port))
        try:
            for _ in range(10):
                with alone() as first:
                    assert first is not None
                    with alone() as second:
                        assert second is None
                    assert first()
        finally:
            server.update(direct)
    look(follower)


def fail_with(failure: Exception) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise failure

    return fail
