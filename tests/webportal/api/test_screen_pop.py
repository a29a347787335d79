"""The address that a telephone system opens when a call comes in."""

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.webportal.publishing import customer, publish
from webportal.accounts.models import User
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import Snapshot


@pytest.fixture
def twins(db: None) -> None:
    with connection.cursor() as cursor:
        publish(cursor, [customer("7"), customer("007"), customer("81")])


@pytest.mark.parametrize(
    "address",
    [
        "/pop/?number=300001",
        "/pop/?number=00300001",
        "/pop/?number=%23300001",
        "/pop/?number=300+001",
        "/pop/?number=%EF%BC%93%EF%BC%90%EF%BC%90%EF%BC%90%EF%BC%90%EF%BC%91",
        "/pop/?number=300.001&queue=billing",
        "/pop/300001/",
        "/pop/300%20001/",
        "/pop/%23300-001/",
        "/pop/300/001/",
    ],
)
def test_opens_the_customer(desk: Client, snapshot: Snapshot, address: str) -> None:
    response = desk.get(address)
    assert (response.status_code, response.headers["Location"]) == (302, "/customers/300001/")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.usefixtures("twins")
def test_lists_whom_it_may_mean_and_writes_that_down(desk: Client) -> None:
    page = desk.get("/pop/?number=%23%207").content.decode()
    assert 'href="/customers/7/"' in page
    assert 'href="/customers/007/"' in page
    assert 'href="/customers/81/"' not in page
    assert "2 customers have numbers that may be written so" in page
    event = AuditEvent.objects.get(kind=Kind.SEARCHED)
    assert (event.subjects, event.details) == (["007", "7"], {"typed": "7"})


def test_whom_nobody_knows_gets_the_page_that_helps(desk: Client, snapshot: Snapshot) -> None:
    response = desk.get("/pop/?number=300%20001%209")
    page = response.content.decode()
    assert response.status_code == 404
    assert "No customer has the number “3000019”" in page
    assert 'href="/customers/300001/"' in page


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("ü", "No customer is found by"),
        ("<script>", "No customer is found by"),
        ("7" * 300, "is not a customer number"),
    ],
)
def test_what_is_no_number_is_said_so(desk: Client, snapshot: Snapshot, number: str, said: str) -> None:
    response = desk.get("/pop/", {"number": number})
    assert response.status_code == 404
    assert said in response.content.decode()


@pytest.mark.parametrize("query", ["", "?number=", "?number=%20%23"])
def test_a_call_without_a_number_leads_to_the_search(desk: Client, snapshot: Snapshot, query: str) -> None:
    assert desk.get(f"/pop/{query}").headers["Location"] == "/search/"


def test_who_is_not_signed_in_signs_in_and_lands_there(client: Client, agent: User, snapshot: Snapshot) -> None:
    asked = client.get("/pop/?number=300%20001")
    assert asked.headers["Location"].startswith("/login/?next=/pop/")
    landed = client.post(asked.headers["Location"], {"login": "agent", "password": "correct horse"}, follow=True)
    assert landed.redirect_chain[-1][0] == "/customers/300001/"
    assert landed.status_code == 200


def test_before_the_first_publish_it_says_so(desk: Client) -> None:
    assert "No scores yet" in desk.get("/pop/?number=7").content.decode()


def test_a_call_asks_for_one_customer_once(
    desk: Client, snapshot: Snapshot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    desk.get("/search/")
    with django_assert_num_queries(4):  # session, user, snapshot, customer
        desk.get("/pop/?number=300001")
