"""Mails of the portal wait in its database: a mail server that is away undoes nothing, hides nothing, loses nothing."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.orchestration.listeners import mail_server
from tests.webportal.scratch import environment, migrated_database
from tests.webportal.starting import ROOT
from webportal.accounts.invitations import invite
from webportal.accounts.models import Invitation, User
from webportal.alerts.delivery import PAUSES, Sent, send_again, send_due
from webportal.alerts.models import Delivery, State

OLD, NEW = "correct horse battery", "hollow crane sings"


@pytest.fixture(autouse=True)
def mail_server_away(settings: Settings) -> None:
    """The portal's own way, to a mail server that does not listen."""
    settings.EMAIL_BACKEND = "webportal.alerts.outbox.Outbox"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False


@pytest.fixture
def user(reachable: User) -> User:
    reachable.set_password(OLD)
    reachable.save()
    return reachable


@pytest.fixture
def browser(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.post("/login/", {"login": "agent", "password": OLD})
    return client


def arrive(settings: Settings) -> list[str]:
    """Let the mail server be back, and return what the follower hands in."""
    Delivery.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    with mail_server() as (address, received):
        settings.EMAIL_PORT = int(address.split(":")[1])
        send_due()
    return received


def test_a_forgotten_password_is_sent_when_the_mail_server_is_back(user: User, settings: Settings) -> None:
    asked = Client(raise_request_exception=False).post("/password/", {"email": user.email}, follow=True)
    assert (asked.status_code, asked.redirect_chain[-1][0]) == (200, "/password/sent/")
    assert "within a minute or two" in asked.content.decode()
    assert (send_due().failed, Delivery.objects.get().problem) == (1, "ConnectionRefusedError")
    (message,) = arrive(settings)
    assert "To: agent@desk.example" in message
    assert re.search(r"/password/\S+-\S+/", message.replace("=\r\n", ""))


def test_a_password_is_changed_and_the_page_says_so(browser: Client, user: User, settings: Settings) -> None:
    sent = {"oldpassword": OLD, "password1": NEW, "password2": NEW}
    page = browser.post("/account/password/", sent, follow=True)
    assert page.status_code == 200
    user.refresh_from_db()
    assert user.check_password(NEW)
    (message,) = arrive(settings)
    assert "password" in message


def test_an_invitation_is_made_and_the_page_says_that_its_mail_waits(
    administrator: User, client: Client, settings: Settings
) -> None:
    client.force_login(administrator)
    page = client.post(
        "/admin/accounts/invitation/add/", {"email": "amelie@desk.example", "role": "analyst"}, follow=True
    )
    assert page.status_code == 200
    assert "The mail to amelie@desk.example goes out within a minute or two" in page.content.decode()
    assert Invitation.objects.filter(email="amelie@desk.example").exists()
    assert "amelie@desk.example" in client.get("/admin/alerts/delivery/").content.decode()
    (message,) = arrive(settings)
    assert "/invitation/" in message
    assert "amelie@desk.example" not in client.get("/admin/alerts/delivery/").content.decode()


def test_a_link_that_ended_while_it_waited_is_not_mailed(
    user: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    Client().post("/password/", {"email": user.email})
    ends = Delivery.objects.get().expires_at
    assert ends is not None
    assert timedelta(minutes=59) < ends - timezone.now() <= timedelta(hours=1)
    assert send_due() == Sent(sent=0, failed=1)
    Delivery.objects.update(expires_at=timezone.now() - timedelta(seconds=1), next_at=timezone.now())
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    assert send_due() == Sent(sent=0, failed=0, dropped=1)
    assert mail.outbox == []
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.recipient) == (State.GIVEN_UP, user.email)
    assert "the link in it ended at" in delivery.problem
    assert f"Delivery {delivery.pk} is not sent: {delivery.problem}." in caplog.messages
    assert (send_again([delivery]), send_due()) == (0, Sent(0, 0))


def test_an_invitation_that_ended_while_it_waited_is_not_mailed(administrator: User, settings: Settings) -> None:
    link = "https://desk.example/invitation/{token}/"
    made = invite(email="a@desk.example", role="agent", team=None, invited_by=administrator, link=link)
    assert Delivery.objects.get().expires_at == made.expires_at.replace(microsecond=0)
    (message,) = arrive(settings)
    assert "/invitation/" in message
    invite(email="b@desk.example", role="agent", team=None, invited_by=administrator, link=link)
    Delivery.objects.filter(state=State.WAITING).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert arrive(settings) == []


def test_a_mail_without_a_link_is_sent_however_late(user: User, settings: Settings) -> None:
    send_mail("Your password was changed", "Text", None, [user.email])
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=9))
    assert len(arrive(settings)) == 1


def test_what_is_undone_sends_nothing(user: User) -> None:
    with transaction.atomic():
        send_mail("Hello", "Text", None, [user.email])
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


def test_the_content_waits_encrypted_and_goes_with_the_recipient_when_sent(user: User, settings: Settings) -> None:
    Client().post("/password/", {"email": user.email})
    (row,) = Delivery.objects.values()
    assert row["recipient"] == user.email
    assert "/password/" not in str(row)
    arrive(settings)
    (row,) = Delivery.objects.values()
    assert (row["state"], row["recipient"], row["sealed_message"]) == (State.SENT, "", "")
    assert user.email not in str(row)


def test_a_mail_that_never_goes_is_given_up_kept_for_a_while_and_deleted(user: User, settings: Settings) -> None:
    send_mail("Hello", "Text", None, [user.email])
    for _ in range(len(PAUSES) + 1):
        send_due()
        Delivery.objects.filter(state=State.WAITING).update(next_at=timezone.now() - timedelta(seconds=1))
    given_up = Delivery.objects.get()
    assert (given_up.state, given_up.recipient) == (State.GIVEN_UP, user.email)
    assert send_again([given_up]) == 1
    (message,) = arrive(settings)
    assert "Subject: Hello" in message
    assert send_again([given_up]) == 0  # nothing is kept of it
    settings.KEEP_ALERT_DAYS = 10
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=11))
    call_command("apply_retention")
    assert not Delivery.objects.exists()


def test_a_mail_that_the_keys_cannot_read_any_more_stops_no_other(user: User, settings: Settings) -> None:
    send_mail("First", "Text", None, [user.email])
    Delivery.objects.update(sealed_message="gAAAAAB_not_ours")
    send_mail("Second", "Text", None, [user.email])
    (message,) = arrive(settings)
    assert "Subject: Second" in message
    assert "cannot be read" in Delivery.objects.get(subject="First").problem


def test_a_mail_arrives_as_it_was_written(user: User, settings: Settings) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    written = EmailMultiAlternatives(
        "Grüße",
        "Text Zoë",
        "Encore <encore@desk.example>",
        ["a@desk.example"],
        ["b@desk.example"],
        cc=["c@desk.example"],
        reply_to=["d@desk.example"],
        headers={"X-Encore": "1"},
    )
    written.attach_alternative("<p>Zoë</p>", "text/html")
    written.send()
    send_due()
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    for name in ("subject", "body", "from_email", "to", "bcc", "cc", "reply_to", "extra_headers", "alternatives"):
        assert getattr(sent, name) == getattr(written, name), name


def test_an_attachment_is_refused_and_not_dropped(user: User) -> None:
    message = EmailMessage("Hello", "Text", None, [user.email])
    message.attach("list.csv", "a,b", "text/csv")
    with pytest.raises(ValueError, match="attachment"):
        message.send()
    assert not Delivery.objects.exists()


def test_sending_takes_a_claim_that_nobody_else_has(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """A delivery that another pass has taken between the look and the attempt is left to it."""
    send_mail("Hello", "Text", None, [user.email])
    claimed: Callable[[], int] = lambda: Delivery.objects.update(next_at=timezone.now() + PAUSES[-1])  # noqa: E731
    done = send_due(lambda: bool(claimed()))
    assert (done.sent, done.failed, Delivery.objects.get().attempts) == (0, 0, 0)


def test_passes_at_once_send_each_mail_once(tmp_path: Path) -> None:
    fill = (
        "from django.core.mail import send_mail; [send_mail(f'Mail {n}', '', None, ['a@x.example']) for n in range(40)]"
    )
    send = "from webportal.alerts.delivery import send_due; print(send_due().sent)"
    with migrated_database() as url:
        environ = {**os.environ, **environment(url), "ENCORE_HOME": str(tmp_path)}
        shell = [sys.executable, "webportal/manage.py", "shell", "-v", "0", "-c"]
        subprocess.run([*shell, fill], env=environ, cwd=ROOT, check=True)
        passes = [subprocess.Popen([*shell, send], env=environ, cwd=ROOT, stdout=PIPE, text=True) for _ in range(3)]
        counts = [int(each.communicate(timeout=120)[0]) for each in passes]
    mails = [file.read_text() for file in (tmp_path / "mail").iterdir()]
    subjects = sorted(re.findall(r"Subject: (Mail \d+)", "\n".join(mails)))
    assert subjects == sorted(f"Mail {number}" for number in range(40))
    assert sum(counts) == 40
