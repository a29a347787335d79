"""A supervisor manages the users of the own team alone, and raises nobody; each request works for who may send it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core import mail
from django.test import Client

from tests.webportal.attacks.stored import stored
from webportal.accounts.models import Invitation, Team, User
from webportal.accounts.roles import Role

LIST = "/admin/accounts/user/"
OF_SUPERVISORS = ("deactivate", "activate", "sign_out", "unlock", "remove_second_factor", "send_link")
OF_ADMINISTRATORS = ("make_agent", "make_analyst", "make_supervisor", "make_administrator")
DONE = "1 user changed."
NEW_PASSWORD = "a long way to the sea"


@dataclass(frozen=True)
class Office:
    """A supervisor and an administrator in their browsers, a user of the supervisor's team, and one of another."""

    boss: User
    supervisor: Client
    administrator: Client
    own: User
    foreign: User


@pytest.fixture
def office(browser_of: Callable[..., Client], administrator: User) -> Office:
    team, other = (Team.objects.create(name=name) for name in ("ours", "theirs"))
    boss = User.objects.create_user("boss", password="correct horse", role=Role.SUPERVISOR, team=team)
    own, foreign = (
        User.objects.create_user(name, f"{name}@desk.example", "correct horse", team=where)
        for name, where in (("own", team), ("foreign", other))
    )
    return Office(boss, browser_of(boss), browser_of(administrator), own, foreign)


def act(browser: Client, action: str, user: User) -> str:
    """Send a bulk action, confirmed in both ways that the admin has, and return the page that follows."""
    sent = {"action": action, "_selected_action": user.pk, "confirmed": "yes", "post": "yes"}
    return browser.post(LIST, sent, follow=True).content.decode()


def test_a_supervisor_finds_the_own_team_alone(office: Office) -> None:
    listed = office.supervisor.get(LIST).content.decode()
    assert f"{LIST}{office.own.pk}/change/" in listed
    assert f"{LIST}{office.foreign.pk}/" not in listed


@pytest.mark.parametrize("action", OF_SUPERVISORS)
def test_an_action_reaches_the_own_team_alone(office: Office, action: str) -> None:
    User.objects.filter(pk__in=[office.own.pk, office.foreign.pk]).update(is_active=action != "activate")
    before = stored()
    assert DONE not in act(office.supervisor, action, office.foreign)
    assert stored() == before
    assert mail.outbox == []
    assert DONE in act(office.supervisor, action, office.own)
    assert DONE in act(office.administrator, action, office.foreign)


@pytest.mark.parametrize("action", OF_ADMINISTRATORS)
def test_roles_are_given_by_administrators_alone(office: Office, action: str) -> None:
    if action == "make_agent":
        User.objects.filter(pk=office.own.pk).update(role=Role.ANALYST)
    before = stored()
    for user in (office.boss, office.own, office.foreign):
        assert DONE not in act(office.supervisor, action, user)
    assert stored() == before
    assert DONE in act(office.administrator, action, office.own)


def test_a_supervisor_deletes_nobody(office: Office) -> None:
    before = stored()
    for user in (office.own, office.foreign):
        act(office.supervisor, "delete_selected", user)
        assert office.supervisor.post(f"{LIST}{user.pk}/delete/", {"post": "yes"}).status_code in (302, 403)
    assert stored() == before
    act(office.administrator, "delete_selected", office.own)
    assert office.administrator.post(f"{LIST}{office.foreign.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk__in=[office.own.pk, office.foreign.pk]).exists()


def test_a_supervisor_changes_no_user_of_another_team(office: Office) -> None:
    fields = {"first_name": "Amélie", "last_name": ""}
    before = stored()
    for page in ("change", "history", "password"):
        assert office.supervisor.get(f"{LIST}{office.foreign.pk}/{page}/").status_code in (302, 403)
    assert office.supervisor.post(f"{LIST}{office.foreign.pk}/change/", fields).status_code == 302
    assert stored() == before
    assert office.supervisor.post(f"{LIST}{office.own.pk}/change/", fields).status_code == 302
    office.own.refresh_from_db()
    assert (office.own.first_name, office.own.is_active) == ("Amélie", False)


def test_a_supervisor_sets_no_password(office: Office) -> None:
    fields = {"usable_password": "true", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    before = stored()
    for user in (office.boss, office.own, office.foreign):
        assert office.supervisor.post(f"{LIST}{user.pk}/password/", fields).status_code == 403
    assert stored() == before
    assert office.administrator.post(f"{LIST}{office.own.pk}/password/", fields).status_code == 302
    office.own.refresh_from_db()
    assert office.own.check_password(NEW_PASSWORD)


def test_a_supervisor_does_not_raise_themselves(office: Office) -> None:
    fields = {"username": "boss", "role": "administrator", "is_active": "on", "team": ""}
    before = stored()
    assert office.supervisor.post(f"{LIST}{office.boss.pk}/change/", fields).status_code == 403
    assert stored() == before
    assert office.administrator.post(f"{LIST}{office.boss.pk}/change/", fields).status_code == 302
    office.boss.refresh_from_db()
    assert (office.boss.role, office.boss.team) == (Role.ADMINISTRATOR, None)


def test_a_supervisor_invites_agents_of_the_own_team_alone(office: Office) -> None:
    path = "/admin/accounts/invitation/add/"
    chosen = {"role": "administrator", "team": office.foreign.team_id}
    for browser, email in ((office.supervisor, "me@evil.example"), (office.administrator, "new@desk.example")):
        assert browser.post(path, {"email": email, **chosen}).status_code == 302
    invited = {each.email: (each.role, each.team) for each in Invitation.objects.all()}
    assert invited == {
        "me@evil.example": (Role.AGENT, office.boss.team),
        "new@desk.example": (Role.ADMINISTRATOR, office.foreign.team),
    }
