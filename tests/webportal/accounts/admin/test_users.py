"""Users in the admin: bulk actions that ask first, the last administrator, and a supervisor's own team alone."""

import pytest
from django.core import mail
from django.test import Client

from webportal.accounts.models import Team, User
from webportal.accounts.roles import Role

LIST = "/admin/accounts/user/"


@pytest.fixture
def mine(agent: User, team: Team) -> User:
    agent.team = team
    agent.email = "agent@desk.example"
    agent.save()
    return agent


@pytest.fixture
def foreign(db: None) -> User:
    return User.objects.create_user("foreigner", team=Team.objects.create(name="Other"))


@pytest.fixture
def lead(supervisor: User) -> Client:
    client = Client()
    client.force_login(supervisor)
    return client


def act(client: Client, action: str, *users: User, confirmed: bool = True) -> str:
    sent = {"action": action, "_selected_action": [user.pk for user in users]}
    if confirmed:
        sent["confirmed"] = "yes"
    return client.post(LIST, sent, follow=True).content.decode()


def test_a_bulk_action_asks_first(office: Client, agent: User) -> None:
    page = act(office, "deactivate", agent, confirmed=False)
    assert "signed out at once" in page
    assert "1 is selected" in page
    agent.refresh_from_db()
    assert agent.is_active


def test_confirmed_it_acts_and_ends_sessions(office: Client, desk: Client, agent: User) -> None:
    assert "1 user changed." in act(office, "deactivate", agent)
    assert desk.get("/account/").status_code == 302
    assert "1 user changed." in act(office, "activate", agent)


def test_the_last_administrator_stays_in_bulk_and_alone(office: Client, administrator: User, agent: User) -> None:
    for action in ("deactivate", "make_agent"):
        assert "At least one active administrator must remain" in act(office, action, agent, administrator)
    sent = {"username": "admin", "role": "agent", "is_active": "on"}
    page = office.post(f"{LIST}{administrator.pk}/change/", sent).content.decode()
    assert "At least one active administrator must remain" in page
    page = office.post(f"{LIST}{administrator.pk}/delete/", {"post": "yes"}).content.decode()
    assert "At least one active administrator must remain" in page
    administrator.refresh_from_db()
    assert (administrator.role, administrator.is_active) == (Role.ADMINISTRATOR, True)


def test_roles_are_given_in_bulk(office: Client, agent: User, analyst: User) -> None:
    assert "2 users changed." in act(office, "make_supervisor", agent, analyst)
    assert set(User.objects.filter(role=Role.SUPERVISOR)) == {agent, analyst}


def test_users_are_found_by_name_and_address(office: Client, mine: User, analyst: User) -> None:
    page = office.get(f"{LIST}?q=agent@desk")
    assert [user.username for user in page.context["cl"].queryset] == ["agent"]


def test_a_supervisor_sees_the_own_team_alone(lead: Client, supervisor: User, mine: User, foreign: User) -> None:
    page = lead.get(LIST)
    assert set(page.context["cl"].queryset) == {supervisor, mine}
    assert lead.get(f"{LIST}{foreign.pk}/change/").headers["Location"] == "/admin/"
    assert lead.get(f"{LIST}{foreign.pk}/history/").headers["Location"] == "/admin/"


def test_a_supervisor_changes_names_and_whether_somebody_is_active(lead: Client, mine: User) -> None:
    other = Team.objects.create(name="Third line")
    sent = {
        "first_name": "Amélie",
        "last_name": "",
        "role": "administrator",
        "team": other.pk,
        "email": "x@desk.example",
        "username": "taken-over",
    }
    assert lead.post(f"{LIST}{mine.pk}/change/", sent).status_code == 302
    before = (mine.username, mine.email, mine.role, mine.team)
    mine.refresh_from_db()
    assert (mine.first_name, mine.is_active) == ("Amélie", False)
    assert (mine.username, mine.email, mine.role, mine.team) == before


def test_a_supervisor_sends_a_link_and_sets_no_password(lead: Client, mine: User) -> None:
    assert lead.get(f"{LIST}{mine.pk}/password/").status_code == 403
    act(lead, "send_link", mine)
    assert mail.outbox[-1].to == ["agent@desk.example"]


def test_a_supervisor_gives_no_roles_and_manages_no_supervisor(
    lead: Client, supervisor: User, mine: User, foreign: User
) -> None:
    page = act(lead, "make_administrator", mine)
    assert 'value="deactivate"' in page
    assert 'value="make_' not in page
    assert "agents and analysts of their team alone" in act(lead, "deactivate", supervisor)
    act(lead, "deactivate", foreign)
    assert User.objects.filter(is_active=True).count() == 3
    assert not User.objects.filter(role=Role.ADMINISTRATOR).exists()


def test_a_supervisor_without_a_team_sees_nobody(supervisor: User, foreign: User, lead: Client) -> None:
    supervisor.team = None
    supervisor.save()
    assert not lead.get(LIST).context["cl"].queryset.exists()
    assert lead.get("/admin/accounts/invitation/add/").status_code == 403


def test_a_supervisor_finds_boxes_beside_those_they_manage_alone(lead: Client, supervisor: User, mine: User) -> None:
    page = lead.get(LIST).content.decode()
    assert f'name="_selected_action" value="{mine.pk}"' in page
    assert f'name="_selected_action" value="{supervisor.pk}"' not in page


def test_a_supervisor_reads_the_name_of_the_team_without_a_link_to_it(lead: Client, mine: User, team: Team) -> None:
    page = lead.get(f"{LIST}{mine.pk}/change/").content.decode()
    assert team.name in page
    assert "/admin/accounts/team/" not in page


def test_administrators_who_give_up_their_role_are_led_to_a_page_that_they_see(
    office: Client, administrator: User
) -> None:
    User.objects.create_superuser("second")
    sent = {"action": "make_agent", "_selected_action": [administrator.pk], "confirmed": "yes"}
    assert office.post(LIST, sent).headers["Location"] == "/"
    User.objects.update(role=Role.ADMINISTRATOR)
    form = {"username": "admin", "role": "agent", "is_active": "on"}
    assert office.post(f"{LIST}{administrator.pk}/change/", form).headers["Location"] == "/"
