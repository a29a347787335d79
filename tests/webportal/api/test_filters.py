"""Filters, orders and the search of the list of customers."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from tests.webportal.publishing import customer, pseudonym_of, publish
from webportal.accounts.models import Team, User
from webportal.accounts.roles import Role
from webportal.customers.models import Snapshot

Ask = Callable[..., Any]


def seen(day: int) -> datetime:
    return datetime(2018, 11, day, 12, tzinfo=UTC)


PEOPLE = [
    customer("0071", first_name="Zoë", last_name="Müller", location="Bozeman, MT", last_seen_at=seen(3)),
    customer("72", first_name="Micah", last_name="Long", risen_from="low", last_seen_at=seen(5)),
    customer("173", first_name="Long", last_name="Freeman", level="free", last_seen_at=seen(5)),
    customer("A-9", first_name="Adelyn", last_name="O'Brien", location="Billings, MT", last_seen_at=seen(30)),
]


@pytest.fixture
def people(db: None) -> Snapshot:
    with connection.cursor() as cursor:
        return Snapshot.objects.get(snapshot_id=publish(cursor, PEOPLE))


def numbers(ask: Ask, **parameters: object) -> list[str]:
    response = ask("customers/", **parameters)
    assert response.status_code == 200, response.content
    return [each["customer_number"] for each in response.json()["customers"]]


@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        ("71", ["0071"]),
        ("#00 7", ["0071", "72"]),
        ("a9", []),
        ("A-9", ["A-9"]),
        ("muller", ["0071"]),
        ("  zoe mu", ["0071"]),
        ("MÜLLER", ["0071"]),
        ("long", ["72", "173"]),
        ("obrien", ["A-9"]),
        ("reeman", []),
        ("%", []),
        ("ü", []),
    ],
)
def test_searches_numbers_last_names_and_names_by_their_beginning(
    ask: Ask, people: Snapshot, q: str, wanted: list[str]
) -> None:
    assert numbers(ask, q=q) == wanted


def test_a_search_has_one_page_and_takes_filters(ask: Ask, people: Snapshot) -> None:
    body = ask("customers/", q="7", limit=1).json()
    assert (body["next"], [each["customer_number"] for each in body["customers"]]) == (None, ["0071"])
    assert numbers(ask, q="long", level="free") == ["173"]
    for name in ("order", "after"):
        response = ask("customers/", q="7", **{name: "risk"})
        assert name in response.json()["error"]["fields"]


def test_a_team_finds_its_own_alone(ask: Ask, agent: User, people: Snapshot) -> None:
    agent.team = Team.objects.create(name="MT", places=["MT"])
    agent.save()
    assert numbers(ask, q="7") == ["0071"]
    assert numbers(ask, q="long") == []


def test_an_analyst_searches_pseudonyms_and_no_names(ask: Ask, agent: User, people: Snapshot) -> None:
    User.objects.update(role=Role.ANALYST)
    pseudonym = pseudonym_of("72")
    assert numbers(ask, q=pseudonym[:6].lower()) == [pseudonym]
    assert numbers(ask, q="long") == []
    assert numbers(ask, q="72") == []
    assert set(numbers(ask, place="MT")) == {pseudonym_of("0071"), pseudonym_of("A-9")}


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({"place": "MT"}, ["0071", "A-9"]),
        ({"place": "Bozeman, MT"}, ["0071"]),
        ({"place": "T"}, []),
        ({"risen": "true"}, ["72"]),
        ({"risen": "false"}, ["0071", "173", "A-9"]),
        ({"last_seen_from": "2018-11-05"}, ["173", "72", "A-9"]),
        ({"last_seen_before": "2018-11-05"}, ["0071"]),
        ({"last_seen_from": "2018-11-04", "last_seen_before": "2018-11-06", "level": "paid"}, ["72"]),
        ({"order": "seen"}, ["A-9", "173", "72", "0071"]),
    ],
)
def test_filters_by_place_rise_and_last_visit(
    ask: Ask, people: Snapshot, parameters: dict[str, str], wanted: list[str]
) -> None:
    assert numbers(ask, **parameters) == wanted


@pytest.mark.parametrize("limit", [7, 200])
def test_pages_by_last_visit_hold_each_customer_once(ask: Ask, snapshot: Snapshot, limit: int) -> None:
    found: list[tuple[str, str]] = []
    after: dict[str, str] = {}
    while True:
        body = ask("customers/", order="seen", limit=limit, **after).json()
        found += [(each["last_seen_at"], each["customer_number"]) for each in body["customers"]]
        if not body["next"]:
            break
        after = {"after": body["next"]}
    assert len({number for _, number in found}) == len(found) == 300
    assert found == sorted(found, key=lambda each: (-datetime.fromisoformat(each[0]).timestamp(), each[1]))


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"q": ""}, "q"),
        ({"q": "a\nb"}, "q"),
        ({"q": "a" * 101}, "q"),
        ({"place": ""}, "place"),
        ({"place": "a" * 201}, "place"),
        ({"risen": "perhaps"}, "risen"),
        ({"risen": ""}, "risen"),
        ({"last_seen_from": "yesterday"}, "last_seen_from"),
        ({"last_seen_before": "2018-02-30"}, "last_seen_before"),
    ],
)
def test_a_wrong_filter_is_named(ask: Ask, people: Snapshot, parameters: dict[str, str], field: str) -> None:
    response = ask("customers/", **parameters)
    assert response.status_code == 400
    assert list(response.json()["error"]["fields"]) == [field]
