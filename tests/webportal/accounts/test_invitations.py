import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from webportal.accounts.invitations import InvitationGoneError, accept, hash_token, open_invitation
from webportal.accounts.models import DeskSettings, Invitation, Team, User
from webportal.accounts.roles import Role

CHOSEN = {"username": "amelie", "password1": "hollow crane sings", "password2": "hollow crane sings"}


@pytest.fixture
def link(administrator: User, team: Team, client: Client) -> str:
    """The path in the mail of an invitation that an administrator sent through the admin."""
    client.force_login(administrator)
    sent = {"email": "amelie@desk.example", "role": "analyst", "team": team.pk}
    assert client.post("/admin/accounts/invitation/add/", sent).status_code == 302
    found = re.search(r"http://testserver(/invitation/\S+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def token_of(link: str) -> str:
    return link.split("/")[2]


def test_the_mail_goes_to_whom_was_invited_and_names_who_invites(link: str) -> None:
    assert mail.outbox[-1].to == ["amelie@desk.example"]
    assert "admin invites you" in mail.outbox[-1].body
    assert "within the next 72 hours" in mail.outbox[-1].body


def test_only_a_hash_of_the_token_is_kept(link: str) -> None:
    invitation = Invitation.objects.get()
    assert invitation.token_hash == hash_token(token_of(link))
    assert token_of(link) not in str(Invitation.objects.values())


def test_whoever_was_invited_chooses_name_and_password_and_logs_in(link: str, team: Team) -> None:
    browser = Client()
    assert browser.get(link).headers["Location"] == "/invitation/"
    assert "Welcome to Encore" in browser.get("/invitation/").content.decode()
    assert browser.post("/invitation/", CHOSEN).headers["Location"] == "/login/"
    user = User.objects.get(username="amelie")
    assert (user.role, user.team, user.email) == (Role.ANALYST, team, "amelie@desk.example")
    assert browser.post("/login/", {"login": "amelie", "password": CHOSEN["password1"]}).headers["Location"] == "/"


def test_the_link_works_once(link: str) -> None:
    accept(token=token_of(link), username="amelie", password="hollow crane sings")
    with pytest.raises(InvitationGoneError):
        accept(token=token_of(link), username="another", password="hollow crane sings")
    browser = Client()
    browser.get(link)
    assert browser.get("/invitation/").status_code == 410


def test_the_link_expires(link: str) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(InvitationGoneError):
        open_invitation(token_of(link))


def test_a_withdrawn_link_does_not_work(link: str) -> None:
    Invitation.objects.all().delete()
    with pytest.raises(InvitationGoneError):
        open_invitation(token_of(link))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"username": "ADMIN"}, "A user with this name exists"),
        ({"password2": "another one entirely"}, "The two passwords differ"),
        ({"password1": "short", "password2": "short"}, "at least 12 characters"),
        ({"password1": "amelie@desk.exam", "password2": "amelie@desk.exam"}, "too similar"),
    ],
)
def test_bad_choices_are_told_and_use_nothing_up(link: str, change: dict[str, str], told: str) -> None:
    browser = Client()
    browser.get(link)
    page = browser.post("/invitation/", {**CHOSEN, **change})
    assert told in page.content.decode()
    assert Invitation.objects.get().is_open


def test_the_settings_say_how_long_a_link_is_good(administrator: User, client: Client) -> None:
    DeskSettings.objects.create(invitation_hours=2)
    client.force_login(administrator)
    client.post("/admin/accounts/invitation/add/", {"email": "a@desk.example", "role": "agent"})
    left = Invitation.objects.get().expires_at - timezone.now()
    assert timedelta(minutes=119) < left <= timedelta(minutes=120)


def test_a_supervisor_invites_agents_into_the_own_team_whatever_they_send(
    supervisor: User, team: Team, client: Client
) -> None:
    client.force_login(supervisor)
    other = Team.objects.create(name="Other")
    sent = {"email": "a@desk.example", "role": "administrator", "team": other.pk}
    assert client.post("/admin/accounts/invitation/add/", sent).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.team) == (Role.AGENT, team)
