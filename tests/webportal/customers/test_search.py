"""Searching by number and name, through the page and the suggestions."""

import pytest
from django.db import connection
from django.test import Client

from tests.webportal.publishing import customer, publish
from webportal.accounts.models import Team, User
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import Snapshot
from webportal.customers.search import Asked, find, read


@pytest.fixture
def known(db: None) -> Snapshot:
    rows = [
        customer("1001", first_name="Zoë", last_name="Müller"),
        customer("1002", first_name="Mary Ann", last_name="O'Brien", level="free"),
        customer("0077", first_name="Jon", last_name="Maryland"),
        customer("77", first_name="Ann", last_name="Jonson"),
        customer("A-9", first_name="Łukasz", last_name="Nowak-Reed"),
        customer("1003", first_name=None, last_name=None),
    ]
    with connection.cursor() as cursor:
        return Snapshot.objects.get(pk=publish(cursor, rows))


def found(viewer: User, snapshot: Snapshot, typed: str, limit: int = 10) -> list[str]:
    return [each.customer_number for each in find(viewer, snapshot, read(typed), limit).customers]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1001", Asked(("1001",), as_written="1001")),
        (" # 10 01 ", Asked(("1001",), as_written="1001")),
        ("000", Asked(("",), as_written="000")),
        ("Zoë Müller", Asked(words=("zoe", "muller"))),
        ("ann 77", Asked(("77",), ("ann",), as_written="77")),
        ("reed", Asked(("reed",), ("reed",), either=True, as_written="reed")),
        ("300-001", Asked(("300-001", "300001"), as_written="300-001")),
        ("\uff17\uff17", Asked(("77", "\uff17\uff17"), as_written="77")),
        ("!!!", Asked(("!!!",), either=True, as_written="!!!")),
    ],
)
def test_what_typed_text_may_mean(typed: str, meant: Asked) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("1001", ["1001"]),
        ("00 10 01", ["1001"]),
        ("100", ["1001", "1002", "1003"]),
        ("a-9", ["A-9"]),
        ("muller", ["1001"]),
        ("ZOË", ["1001"]),
        ("muller zoe", ["1001"]),
        ("mül zo", ["1001"]),
        ("obrien", ["1002"]),
        ("reed", ["A-9"]),
        ("nowak lukasz", ["A-9"]),
        ("ann mary", ["1002"]),
        ("jon 77", ["77", "0077"]),
        ("nobody", []),
    ],
)
def test_numbers_and_names_are_found(agent: User, known: Snapshot, typed: str, numbers: list[str]) -> None:
    assert sorted(found(agent, known, typed)) == sorted(numbers)


def test_the_verbatim_number_is_meant_among_those_that_differ_in_zeros(agent: User, known: Snapshot) -> None:
    for written in ("77", "0077"):
        meant = find(agent, known, read(written), 10).only
        assert meant is not None
        assert meant.customer_number == written
    assert find(agent, known, read("00077"), 10).only is None


def test_more_than_the_limit_is_said(agent: User, known: Snapshot) -> None:
    result = find(agent, known, read("100"), 2)
    assert (len(result.customers), result.more) == (2, True)


def test_a_team_finds_whom_it_may_see_alone(agent: User, team: Team, known: Snapshot) -> None:
    team.levels, agent.team = ["free"], team
    team.save()
    assert found(agent, known, "100") == ["1002"]
    assert found(agent, known, "muller") == []


def test_an_analyst_finds_no_name(analyst: User, known: Snapshot) -> None:
    assert found(analyst, known, "muller") == []
    assert found(analyst, known, "1001") == []


def test_enter_opens_the_only_match_and_lists_several(desk: Client, known: Snapshot) -> None:
    assert desk.get("/search/", {"q": "muller zoe"}).headers["Location"] == "/customers/1001/"
    page = desk.get("/search/", {"q": "ann"}).content.decode()
    assert [f'href="/customers/{number}/"' in page for number in ("1002", "77", "1001")] == [True, True, False]


def test_suggestions_are_short_written_down_and_say_when_there_are_none(desk: Client, known: Snapshot) -> None:
    answer = desk.get("/search/suggest/", {"q": "zo"}).json()
    assert [(option["number"], option["name"], option["address"]) for option in answer["options"]] == [
        ("1001", "Zoë Müller", "/customers/1001/")
    ]
    assert AuditEvent.objects.filter(kind=Kind.SEARCHED).get().details == {"typed": "zo"}
    assert desk.get("/search/suggest/", {"q": "nobody"}).json() == {"options": [], "note": "No customer matches."}
    assert desk.get("/search/suggest/").json() == {"options": [], "note": ""}


def test_full_text_takes_what_was_typed_literally(agent: User, known: Snapshot) -> None:
    for typed in ("mul:* | zoe", "'; drop table x", "a & b !", "zoe & (", "%_%"):
        assert found(agent, known, typed) in ([], ["1001"])
