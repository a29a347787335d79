from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from webportal.accounts.models import DeskSettings, Invitation, User
from webportal.audit.models import AuditEvent, Kind
from webportal.desk.models import Contact, Note, Task
from webportal.operations import snapshot_follower
from webportal.privacy import retention
from webportal.privacy.retention import apply_when_due

WORK = {"contacts": 2, "notes": 2, "tasks": 1}


def _work(now: datetime) -> None:
    """Write contacts, notes and closed tasks of 39 and of 41 days ago, a correction of the older, and an open task.

    A note of 41 days ago got other words 39 days ago.
    """
    seen = {"snapshot_id": 1, "as_of_date": now.date(), "horizon_days": 14, "channel": "mail", "outcome": "kept"}
    for days in (39, 41):
        then, number = now - timedelta(days=days), str(days)
        Contact.objects.create(customer_number=number, recorded_at=then, token=uuid4(), **seen)
        Note.objects.create(customer_number=number, words="x", written_at=then, token=uuid4())
        Task.objects.create(
            customer_number=number, words=number, reason="at risk", due_on=then, state="done", closed_at=then
        )
    old = Contact.objects.get(customer_number="41")
    Contact.objects.create(customer_number="41", recorded_at=old.recorded_at, corrects=old, token=uuid4(), **seen)
    first = Note.objects.create(customer_number="edited", words="x", written_at=then, standing=False, token=uuid4())
    edited = {"written_at": then, "edited_at": now - timedelta(days=39), "corrects": first}
    Note.objects.create(customer_number="edited", words="y", token=uuid4(), **edited)
    Task.objects.create(customer_number="1", words="open", reason="at risk", due_on=now - timedelta(days=99))


def test_what_is_older_than_the_settings_allow_goes(agent: User) -> None:
    now = timezone.now()
    DeskSettings.objects.create(keep_audit_days=100, keep_invitation_days=5, keep_work_days=40)
    for days in (99, 101, 500):
        AuditEvent.objects.create(kind=Kind.VIEWED, at=now - timedelta(days=days))
    for days in (4, 6):
        expired = now - timedelta(days=days)
        Invitation.objects.create(email="a@desk.example", token_hash=str(days), expires_at=expired)
    Session.objects.create(session_key="over", session_data="", expire_date=now - timedelta(hours=1))
    Session.objects.create(session_key="open", session_data="", expire_date=now + timedelta(hours=1))
    _work(now)
    call_command("apply_retention")
    assert AuditEvent.objects.filter(kind=Kind.VIEWED).count() == 1
    assert list(Invitation.objects.values_list("token_hash", flat=True)) == ["4"]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    kept = list(Contact.objects.values_list("customer_number", flat=True))
    assert kept == ["39"]
    assert list(Note.objects.order_by("id").values_list("words", "corrects")) == [("x", None), ("y", None)]
    assert list(Task.objects.order_by("id").values_list("words", flat=True)) == ["39", "open"]
    noted = AuditEvent.objects.get(kind=Kind.RETENTION).details
    assert noted == {
        "audit_events": 2,
        "sessions": 1,
        "invitations": 1,
        "failed_logins": 0,
        "alerts": 0,
        **WORK,
    }


def test_it_is_due_once_a_day(agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert apply_when_due() is not None
    assert apply_when_due() is None
    monkeypatch.setattr(retention, "EVERY", timedelta(0))
    assert apply_when_due() is not None


def test_the_follower_applies_it_and_the_settings_say_when(administrator: User, client: Client) -> None:
    client.force_login(administrator)
    page = "/admin/accounts/desksettings/1/change/"
    assert "never: is the follower running?" in client.get(page).content.decode()
    call_command("follow_snapshots", "--once")
    assert AuditEvent.objects.filter(kind=Kind.RETENTION).count() == 1
    assert "never: is the follower running?" not in client.get(page).content.decode()


def test_a_failure_keeps_no_look_back(agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(snapshot_follower, "apply_when_due", fails)
    snapshot_follower.retain_and_log()
