"""What somebody without an account can leave behind: no sessions, and so many rows of the audit and no more."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.webportal.attacks.walking import paths
from webportal.accounts.models import User
from webportal.audit import strangers
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import Snapshot

HERE = "198.51.100.7"


def forge(address: str = HERE) -> int:
    """Send a form as another site would: the refusal is written down."""
    return Client(enforce_csrf_checks=True).post("/login/", {"login": "x"}, REMOTE_ADDR=address).status_code


def refusals(address: str | None = None) -> int:
    events = AuditEvent.objects.filter(kind=Kind.REFUSED)
    return (events.filter(address=address) if address else events).count()


def test_refusals_of_one_network_are_written_up_to_a_limit(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "MAX_OF_A_NETWORK", 5)
    assert {forge() for _ in range(9)} == {403}
    assert refusals() == 5
    last = AuditEvent.objects.latest("id")
    assert "unwritten_until" in last.details  # who reads the audit learns that there was more
    forge("203.0.113.9")
    assert refusals("203.0.113.9") == 1


def test_many_networks_together_write_up_to_a_limit(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "MAX_OF_ALL", 5)
    for number in range(9):
        forge(f"203.0.113.{number}")
    assert refusals() == 5


def test_addresses_of_one_network_of_ipv6_share_the_limit(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "MAX_OF_A_NETWORK", 3)
    for number in range(1, 9):
        forge(f"2001:db8:1:2::{number}")
    assert refusals() == 3


def test_failed_logins_fall_under_it_too(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "MAX_OF_A_NETWORK", 3)
    for number in range(8):
        Client().post("/login/", {"login": f"user{number}", "password": "wrong"}, REMOTE_ADDR=HERE)
    assert AuditEvent.objects.count() == 3


def test_what_users_do_is_written_whatever_strangers_did(
    agent: User, desk: Client, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers, "MAX_OF_A_NETWORK", 1)
    for _ in range(3):
        forge("127.0.0.1")
    for _ in range(3):
        desk.get("/customers/300001/")
    assert AuditEvent.objects.filter(kind=Kind.VIEWED, actor="agent").count() == 3


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_makes_a_session_for_a_stranger(snapshot: Snapshot, method: str) -> None:
    for path in paths():
        getattr(Client(), method)(path)
        assert not Session.objects.exists(), path


def test_invented_invitations_make_none(db: None) -> None:
    for number in range(5):
        assert Client().get(f"/invitation/invented{number}/").status_code == 410
    assert not Session.objects.exists()
