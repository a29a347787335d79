from datetime import timedelta

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from webportal.accounts.models import DeskSettings, Invitation, User
from webportal.audit.models import AuditEvent, Kind


def test_what_is_older_than_the_settings_allow_goes(agent: User) -> None:
    now = timezone.now()
    DeskSettings.objects.create(keep_audit_days=100, keep_invitation_days=5)
    for days in (99, 101, 500):
        AuditEvent.objects.create(kind=Kind.VIEWED, at=now - timedelta(days=days))
    for days in (4, 6):
        expired = now - timedelta(days=days)
        Invitation.objects.create(email="a@desk.example", token_hash=str(days), expires_at=expired)
    Session.objects.create(session_key="over", session_data="", expire_date=now - timedelta(hours=1))
    Session.objects.create(session_key="open", session_data="", expire_date=now + timedelta(hours=1))
    call_command("apply_retention")
    assert AuditEvent.objects.filter(kind=Kind.VIEWED).count() == 1
    assert list(Invitation.objects.values_list("token_hash", flat=True)) == ["4"]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    noted = AuditEvent.objects.get(kind=Kind.RETENTION).details
    assert noted == {"audit_events": 2, "sessions": 1, "invitations": 1, "failed_logins": 0, "alerts": 0}
