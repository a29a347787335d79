"""Nobody reads, lists, counts or guesses a customer of another team; users of other teams: `test_team_users.py`."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tests.webportal.publishing import customer, publish
from webportal.accounts.models import Team, User
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
def test_no_search_leads_to_another_team(
    ours: Client, browser_of: Callable[..., Client], administrator: User, both: Snapshot, typed: str
) -> None:
    response = ours.get("/search/", {"q": typed}, follow=True)
    assert "Their" not in response.content.decode().replace(typed, "")
    assert f"/customers/{THEIRS}/" not in response.content.decode()
    # what is typed leads there, 500003 as a number close by: who sees all customers finds them
    found = browser_of(administrator).get("/search/", {"q": typed}, follow=True).content.decode()
    assert "Theirlast" in found


@pytest.mark.parametrize("path", [f"{THEIRS}/", f"{THEIRS}%20/", f"%20{THEIRS}/", f"0{THEIRS}/"])
def test_the_api_tells_no_customer_of_another_team(program: Client, both: Snapshot, path: str) -> None:
    response = program.get(f"/api/v1/customers/{path}")
    assert response.status_code == 404
    assert b"Their" not in response.content


@pytest.fixture
def all_seeing(administrator: User) -> Client:
    """A program of a user who sees the customers of every team."""
    token = create_token(owner=administrator, name="CRM", lifetime=timedelta(days=1))
    return Client(headers={"Authorization": f"Bearer {token.text}"})


@pytest.mark.parametrize(
    ("parameters", "listed"),
    [
        ({}, [OURS, THEIRS]),
        ({"number_prefix": "5"}, [OURS, THEIRS]),
        ({"number_prefix": THEIRS}, [THEIRS]),
        ({"q": "500"}, [OURS, THEIRS]),
        ({"q": "Theirlast"}, [THEIRS]),
        ({"level": "free"}, [THEIRS]),
        ({"place": "Theirplace, MT"}, [THEIRS]),
        ({"order": "risk"}, [OURS, THEIRS]),
        ({"band": "high"}, [OURS, THEIRS]),
        ({"limit": "200"}, [OURS, THEIRS]),
    ],
)
def test_the_api_lists_none_of_another_team(
    program: Client, all_seeing: Client, both: Snapshot, parameters: dict[str, str], listed: list[str]
) -> None:
    def numbers(client: Client) -> list[str]:
        found = client.get("/api/v1/customers/", parameters).json()["customers"]
        return sorted(each["customer_number"] for each in found)

    assert numbers(all_seeing) == listed
    assert numbers(program) == [number for number in listed if number == OURS]


def test_a_position_of_one_team_shows_another_only_their_own(
    program: Client, all_seeing: Client, both: Snapshot
) -> None:
    after = all_seeing.get("/api/v1/customers/", {"limit": "1"}).json()["next"]
    behind = all_seeing.get("/api/v1/customers/", {"after": after}).json()["customers"]
    assert [each["customer_number"] for each in behind] == [THEIRS]
    assert program.get("/api/v1/customers/", {"after": after}).json()["customers"] == []


def test_an_analyst_learns_no_name_number_or_place_from_the_api(both: Snapshot, analyst: User) -> None:
    token = create_token(owner=analyst, name="notebook", lifetime=timedelta(days=1))
    program = Client(headers={"Authorization": f"Bearer {token.text}"})
    listed = program.get("/api/v1/customers/").content.decode()
    assert "churn_probability" in listed
    for personal in (OURS, THEIRS, "Oursfirst", "Theirfirst", "Theirlast", "Theirplace", "Freeman"):
        assert personal not in listed
    assert program.get(f"/api/v1/customers/{OURS}/").status_code == 404


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
    assert browser_of(agent).post(f"/account/sessions/{session.pk}/end/").status_code == 302
    assert not UserSession.objects.filter(pk=session.pk).exists()
