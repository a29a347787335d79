import pytest
from django.core.exceptions import ValidationError

from webportal.accounts.models import Team, User
from webportal.alerts import services
from webportal.alerts.models import Watch
from webportal.alerts.services import end_watch, watch_customer, watch_of, watch_segment
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import Snapshot


def test_watching_twice_is_once_and_in_the_audit(agent: User, snapshot: Snapshot) -> None:
    first = watch_customer(user=agent, snapshot=snapshot, number="300001")
    assert first is not None
    assert watch_customer(user=agent, snapshot=snapshot, number="300001") == first
    assert first.since_snapshot == snapshot.pk
    assert watch_of(agent, "300001") == first
    assert AuditEvent.objects.get(kind=Kind.ADDED, subjects=["300001"]).details["what"] == "watch"
    end_watch(watch=first)
    assert watch_of(agent, "300001") is None
    assert AuditEvent.objects.filter(kind=Kind.DELETED, subjects=["300001"]).exists()


def test_nobody_watches_whom_they_do_not_see(agent: User, snapshot: Snapshot) -> None:
    assert watch_customer(user=agent, snapshot=snapshot, number="999999") is None
    agent.team = Team.objects.create(name="elsewhere", places=["Nowhere, XX"])
    assert watch_customer(user=agent, snapshot=snapshot, number="300001") is None
    assert not Watch.objects.exists()


def test_there_is_an_end_to_watching(agent: User, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_CUSTOMERS", 1)
    monkeypatch.setattr(services, "MOST_SEGMENTS", 1)
    watch_customer(user=agent, snapshot=snapshot, number="300001")
    with pytest.raises(ValidationError, match="as many as one can"):
        watch_customer(user=agent, snapshot=snapshot, number="300002")
    watch_segment(user=agent, watch=Watch(band="high"))
    with pytest.raises(ValidationError, match="as many as one can"):
        watch_segment(user=agent, watch=Watch(band="medium"))


def test_a_segment_is_watched_once_by_each(agent: User, supervisor: User, snapshot: Snapshot) -> None:
    watch_segment(user=agent, watch=Watch(band="high", level="paid", place="MT"))
    watch_segment(user=supervisor, watch=Watch(band="high", level="paid", place="MT"))
    with pytest.raises(ValidationError, match="already"):
        watch_segment(user=agent, watch=Watch(band="high", level="paid", place="MT"))
    assert {str(watch) for watch in Watch.objects.all()} == {"High risk, Paid, MT"}
