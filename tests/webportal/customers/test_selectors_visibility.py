"""Who sees whom: scopes of teams, and what an analyst gets in place of a person."""

import pytest
from django.db import connection
from django.test import Client

from tests.webportal.publishing import customer, pseudonym_of, publish
from webportal.accounts.models import Team, User
from webportal.accounts.services import set_listed_customers
from webportal.customers import selectors
from webportal.customers.models import Snapshot

BOSTON, BOZEMAN = "Boston-Cambridge-Newton, MA-NH", "Bozeman, MT"


@pytest.fixture
def known(db: None) -> Snapshot:
    rows = [
        customer("1", level="paid", location=BOSTON),
        customer("2", level="free", location=BOSTON),
        customer("3", level="free", location=BOZEMAN),
        customer("4", level=None, location=None),
        customer("5", level="paid", location="Atlantis"),
    ]
    with connection.cursor() as cursor:
        publish(cursor, rows)
    current = selectors.get_current_snapshot()
    assert current is not None
    return current


def seen(viewer: User, snapshot: Snapshot) -> set[str]:
    return {row.customer_number for row in selectors.customers_visible_to(viewer, snapshot)}


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({}, {"1", "2", "3", "4", "5"}),
        ({"levels": ["paid"]}, {"1", "5"}),
        ({"levels": ["paid", "free"]}, {"1", "2", "3", "5"}),
        ({"places": [BOSTON]}, {"1", "2"}),
        ({"places": ["MT"]}, {"3"}),
        ({"places": ["MT", BOSTON]}, {"1", "2", "3"}),
        ({"places": ["Atlantis"]}, {"5"}),
        ({"places": ["Nowhere"]}, set()),
        ({"levels": ["free"], "places": ["MA-NH"]}, {"2"}),
        ({"by_list": True}, {"2", "4"}),
        ({"by_list": True, "levels": ["free"]}, {"2"}),
    ],
)
def test_a_team_sees_who_meets_every_part_of_its_scope(
    agent: User, team: Team, known: Snapshot, scope: dict[str, object], expected: set[str]
) -> None:
    set_listed_customers(team=team, numbers=["2", "4", "99"])
    agent.team = team
    for name, value in scope.items():
        setattr(team, name, value)
    assert seen(agent, known) == expected


def test_administrators_see_everybody_whatever_their_team(administrator: User, team: Team, known: Snapshot) -> None:
    team.levels, administrator.team = ["paid"], team
    assert len(seen(administrator, known)) == 5


def test_an_analyst_sees_pseudonyms_and_regions_and_no_names(analyst: User, known: Snapshot) -> None:
    rows = {row.customer_number: row for row in selectors.customers_visible_to(analyst, known)}
    assert set(rows) == {pseudonym_of(number) for number in "12345"}
    boston = rows[pseudonym_of("1")]
    assert (boston.first_name, boston.last_name, boston.full_name, boston.location) == (None, None, "", "MA-NH")
    assert rows[pseudonym_of("5")].location is None  # without a comma it may be a town alone
    assert (boston.level, boston.days_listened, boston.churn_probability) == ("paid", 20, 0.3)


def test_the_scope_of_an_analysts_team_holds_as_well(analyst: User, team: Team, known: Snapshot) -> None:
    set_listed_customers(team=team, numbers=["2", "3"])
    team.by_list, team.places, analyst.team = True, [BOZEMAN], team
    assert seen(analyst, known) == {pseudonym_of("3")}


def test_an_analyst_cannot_find_anybody_by_the_real_number(analyst: User, known: Snapshot, client: Client) -> None:
    client.force_login(analyst)
    for path in ("/customers/1/", "/search/?q=1", "/search/?q=Boston"):
        response = client.get(path)
        page = response.content.decode()
        assert response.status_code == 404
        assert pseudonym_of("1") not in page
        assert "Freeman" not in page


def test_an_analyst_finds_a_pseudonym_and_reads_nothing_personal(
    analyst: User, known: Snapshot, client: Client
) -> None:
    client.force_login(analyst)
    pseudonym = pseudonym_of("1")
    assert client.get(f"/search/?q={pseudonym}").headers["Location"] == f"/customers/{pseudonym}/"
    for path in (f"/customers/{pseudonym}/", f"/search/?q={pseudonym[:3]}"):
        page = client.get(path, follow=True).content.decode()
        assert pseudonym in page
        assert "Name withheld" in page
        assert not any(private in page for private in ("Colin", "Freeman", "Boston", ">1<"))


def test_nobody_leaves_the_scope_by_typing_an_address(agent: User, team: Team, known: Snapshot, client: Client) -> None:
    team.levels, agent.team = ["paid"], team
    team.save()
    agent.save()
    client.force_login(agent)
    assert [client.get(f"/customers/{number}/").status_code for number in "12"] == [200, 404]
    assert "Customer not found" in client.get("/search/?q=2").content.decode()


def test_a_scoped_overview_says_that_it_is_of_the_whole_service(
    agent: User, team: Team, known: Snapshot, client: Client
) -> None:
    team.levels, agent.team = ["paid"], team
    team.save()
    agent.save()
    client.force_login(agent)
    assert "also beyond your team's customers" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("scope", "index"),
    [
        ({"levels": ["free"]}, "level"),
        ({"places": [BOZEMAN]}, "location"),
        ({"places": ["MT"]}, "substring"),
        ({"by_list": True}, "scoped_customer"),
    ],
)
def test_each_part_of_a_scope_is_answered_by_an_index(
    agent: User, team: Team, snapshot: Snapshot, scope: dict[str, object], index: str
) -> None:
    set_listed_customers(team=team, numbers=["300002"])
    for name, value in scope.items():
        setattr(team, name, value)
    agent.team = team
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
    plan = selectors.customers_visible_to(agent, snapshot).explain()
    assert "Seq Scan" not in plan
    assert index in plan
