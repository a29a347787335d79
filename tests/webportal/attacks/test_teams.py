"""Nobody reads, lists, counts or guesses a customer of another team, and supervisors touch no other team's users."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tests.webportal.publishing import customer, publish
from webportal.accounts.models import Invitation, Team, User
from webportal.accounts.roles import Role
from webportal.api.tokens import create_token
from webportal.customers.models import Snapshot

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
OURS, THEIRS = "500001", "500002"


@pytest.fixture
def two_teams(agent: User) -> tuple[User, User]:
    """Our agent sees paying customers, a supervisor of another team those who do not pay."""
    agent.team = Team.objects.create(name="paying", levels=["paid"])
    agent.save()
    other = Team.objects.create(name="free", levels=["free"])
    return agent, User.objects.create_user("boss", password="correct horse", role=Role.SUPERVISOR, team=other)


@pytest.fixture
def both(db: None) -> Snapshot:
    rows = [
        customer(OURS, level="paid", first_name="Oursfirst", location="Ourplace, MA"),
        customer(THEIRS, level="free", first_name="Theirfirst", last_name="Theirlast", location="Theirplace, MT"),
    ]
    with connection.cursor() as cursor:
        return Snapshot.objects.get(snapshot_id=publish(cursor, rows))


@pytest.fixture
def ours(two_teams: tuple[User, User], browser_of: Callable[..., Client]) -> Client:
    return browser_of(two_teams[0])


@pytest.fixture
def program(two_teams: tuple[User, User]) -> Client:
    token = create_token(owner=two_teams[0], name="CRM", lifetime=timedelta(days=1))
    return Client(headers={"Authorization": f"Bearer {token.text}"})


def test_a_page_of_another_team_is_no_page_and_says_nothing(ours: Client, both: Snapshot) -> None:
    known = ours.get(f"/customers/{OURS}/")
    assert known.status_code == 200
    for number in (THEIRS, "599999"):
        response = ours.get(f"/customers/{number}/")
        page = response.content.decode().replace(number, "")
        assert response.status_code == 404
        assert "Their" not in page
    # a stranger and one of another team are told apart by nothing
    pages = {TOKEN.sub("", ours.get(f"/customers/{n}/").content.decode()).replace(n, "") for n in (THEIRS, "500003")}
    assert len(pages) == 1


@pytest.mark.parametrize("typed", [THEIRS, "50000", "5", "500003", "Theirfirst", "#500002", " 500002 "])
def test_no_search_leads_to_another_team(ours: Client, both: Snapshot, typed: str) -> None:
    response = ours.get("/search/", {"q": typed}, follow=True)
    assert "Their" not in response.content.decode().replace(typed, "")
    assert f"/customers/{THEIRS}/" not in response.content.decode()


@pytest.mark.parametrize("path", [f"{THEIRS}/", f"{THEIRS}%20/", f"%20{THEIRS}/", f"0{THEIRS}/"])
def test_the_api_tells_no_customer_of_another_team(program: Client, both: Snapshot, path: str) -> None:
    response = program.get(f"/api/v1/customers/{path}")
    assert response.status_code == 404
    assert b"Their" not in response.content


@pytest.mark.parametrize(
    "parameters", [{}, {"number_prefix": "5"}, {"level": "free"}, {"order": "risk"}, {"band": "high"}, {"limit": "200"}]
)
def test_the_api_lists_none_of_another_team(program: Client, both: Snapshot, parameters: dict[str, str]) -> None:
    found = program.get("/api/v1/customers/", parameters).json()["customers"]
    assert {each["customer_number"] for each in found} <= {OURS}


def test_a_position_of_one_team_shows_another_only_their_own(
    program: Client, two_teams: tuple[User, User], both: Snapshot
) -> None:
    all_seeing = User.objects.create_superuser("root", password="correct horse")
    token = create_token(owner=all_seeing, name="CRM", lifetime=timedelta(days=1))
    theirs = Client(headers={"Authorization": f"Bearer {token.text}"})
    after = theirs.get("/api/v1/customers/", {"limit": "1"}).json()["next"]
    assert after
    assert program.get("/api/v1/customers/", {"after": after}).json()["customers"] == []


def test_an_analyst_learns_no_name_number_or_place_from_the_api(both: Snapshot, analyst: User) -> None:
    token = create_token(owner=analyst, name="notebook", lifetime=timedelta(days=1))
    program = Client(headers={"Authorization": f"Bearer {token.text}"})
    listed = program.get("/api/v1/customers/").content.decode()
    assert "churn_probability" in listed
    for personal in (OURS, THEIRS, "Oursfirst", "Theirfirst", "Theirlast", "Theirplace", "Freeman"):
        assert personal not in listed
    assert program.get(f"/api/v1/customers/{OURS}/").status_code == 404


def test_a_supervisor_touches_no_user_of_another_team(
    two_teams: tuple[User, User], browser_of: Callable[..., Client]
) -> None:
    agent, boss = two_teams
    office = browser_of(boss)
    before = User.objects.values().get(pk=agent.pk)
    listed = office.get("/admin/accounts/user/").content.decode()
    assert f"/admin/accounts/user/{agent.pk}/" not in listed
    for action in ("change", "delete", "history", "password"):
        for method in (office.get, office.post):
            response = method(
                f"/admin/accounts/user/{agent.pk}/{action}/", {"is_active": ""} if method == office.post else {}
            )
            assert response.status_code in (302, 403)
    for action in ("deactivate", "sign_out", "unlock", "remove_second_factor", "make_administrator", "delete_selected"):
        office.post("/admin/accounts/user/", {"action": action, "_selected_action": agent.pk, "confirmed": "yes"})
    assert User.objects.values().get(pk=agent.pk) == before


def test_a_supervisor_raises_nobody_least_of_all_themselves(
    two_teams: tuple[User, User], browser_of: Callable[..., Client]
) -> None:
    _, boss = two_teams
    office = browser_of(boss)
    fields = {"username": "boss", "role": "administrator", "is_active": "on", "team": ""}
    office.post(f"/admin/accounts/user/{boss.pk}/change/", fields)
    office.post(
        "/admin/accounts/user/", {"action": "make_administrator", "_selected_action": boss.pk, "confirmed": "yes"}
    )
    office.post("/admin/accounts/invitation/add/", {"email": "me@evil.example", "role": "administrator", "team": ""})
    boss.refresh_from_db()
    assert (boss.role, boss.team_id is None) == (Role.SUPERVISOR, False)
    assert not Invitation.objects.filter(role=Role.ADMINISTRATOR).exists()


def test_nobody_ends_the_session_of_somebody_else(
    two_teams: tuple[User, User], browser_of: Callable[..., Client]
) -> None:
    from allauth.usersessions.models import UserSession

    agent, boss = two_teams
    Client().post("/login/", {"login": "agent", "password": "correct horse"})
    session = UserSession.objects.filter(user=agent).first()
    assert session is not None
    assert browser_of(boss).post(f"/account/sessions/{session.pk}/end/").status_code == 404
    assert UserSession.objects.filter(pk=session.pk).exists()
