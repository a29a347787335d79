import re

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from deploy.local.settings import PROJECT_ROOT, version_of
from tests.webportal.publishing import customer, publish
from tests.webportal.told import MODEL_FACTS, REASONS
from webportal.customers.models import Snapshot

SESSION, USER, SNAPSHOT, CUSTOMER, AUDIT, WATCH = (
    1,
    1,
    1,
    1,
    1,
    1,
)  # of the snapshot the pointer alone
BOUND = 3  # a savepoint, the bound on the time, and the end of the savepoint
DESK = 5  # its settings, contacts, notes, tasks, and who was reached lately


@pytest.fixture
def known(snapshot: Snapshot) -> Snapshot:
    rows = [
        customer("55", first_name="Ada", last_name="<b>Reed</b>", churn_probability=0.3, days_listened=3),
        customer("551", cancelled_on=snapshot.as_of_date, churn_probability=None),
        customer("56", first_name=None, last_name=None, songs_per_day=None, days_listened=0, registered_on=None),
    ]
    with connection.cursor() as cursor:
        number = publish(cursor, rows)
    return Snapshot.objects.get(snapshot_id=number)


def text(page: bytes) -> str:
    """Return the words of a page as a reader sees them."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())


@pytest.mark.parametrize("typed", ["55", "  55 ", "#55"])
def test_an_exact_number_leads_to_the_customer(desk: Client, known: Snapshot, typed: str) -> None:
    response = desk.get("/search/", {"q": typed})
    assert (response.status_code, response.headers["Location"]) == (302, "/customers/55/")


def test_the_beginning_of_numbers_lists_them(desk: Client, known: Snapshot) -> None:
    response = desk.get("/search/", {"q": "5"})
    page = response.content.decode()
    assert response.status_code == 200
    assert re.findall(r'href="/customers/(\d+)/"', page) == ["55", "551", "56"]
    assert "Cancelled" in page
    assert "3 customers." in page


def test_a_long_list_is_cut_and_says_so(desk: Client, snapshot: Snapshot) -> None:
    page = desk.get("/search/", {"q": "3"}).content.decode()
    assert len(re.findall(r'href="/customers/\d', page)) == 25
    assert "The first 25 are shown" in page


@pytest.mark.parametrize("path", ["/search/?q=5599", "/customers/5599/"])
def test_an_unknown_number_gets_a_friendly_page_with_near_matches(desk: Client, known: Snapshot, path: str) -> None:
    response = desk.get(path)
    page = response.content.decode()
    assert response.status_code == 404
    assert "No customer has the number “5599”" in page
    assert re.findall(r'href="/customers/(\d+)/"', page) == ["55", "551"]
    assert 'value="5599"' in page


@pytest.mark.parametrize("path", ["/customers/5%005/", "/search/?q=%00"])
def test_no_page_is_asked_for_a_number_with_the_character_nul(desk: Client, known: Snapshot, path: str) -> None:
    response = desk.get(path)
    assert response.status_code == 400
    assert "<h1>" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/search/?q=5%265", "No customer has the number “5&amp;5”"),
        ("/customers/5%265/", "No customer has the number “5&amp;5”"),
        ("/customers/%20/", "is not a customer number"),
        ("/customers/" + "9" * 129 + "/", "is not a customer number"),
    ],
)
def test_a_number_of_nobody_gets_a_friendly_page(desk: Client, known: Snapshot, path: str, said: str) -> None:
    response = desk.get(path)
    assert response.status_code == 404
    assert said in response.content.decode()


def test_an_empty_search_says_what_to_type(desk: Client, known: Snapshot) -> None:
    assert "Find a customer" in desk.get("/search/?q=+").content.decode()


def test_the_customer_page_says_who_how_likely_and_against_what(desk: Client, known: Snapshot) -> None:
    page = text(desk.get("/customers/55/").content)
    assert "Ada &lt;b&gt;Reed&lt;/b&gt;" in page
    assert "30.0 % High risk" in page
    assert "within 14 days of 1 Dec 2018, that is by 15 Dec 2018. Higher means more likely to leave." in page
    assert "2.5 times the usual rate of 12.0 %" in page
    assert "Days listened 3 median 11.5 · ▼ 8.5 fewer" in page
    assert "Counted from 1 Oct 2018 to 1 Dec 2018." in page
    assert "Customer since 12 Sep 2018 80 days" in page


def test_the_customer_page_says_why_and_what_changed(desk: Client, known: Snapshot) -> None:
    page = text(desk.get("/customers/55/").content)
    assert "From 14.2 %, where nothing is known of a customer" in page
    assert "Adverts ▲ raises by about 11.3 points 12 adverts in the last 7 days, more than usual; typical is 4." in page
    assert "Time as a customer ▼ lowers by about 6.6 points Registered 1,204 days ago" in page
    assert "All else together raises it by about 3.9 points." in page
    assert "What changed since 24 Nov 2018 21.4 % then · ▲ up by 8.6 points" in page
    assert "Adverts ▲ moved it up 12 adverts in the last 7 days; was 3." in page
    assert "Songs and days with music ▼ moved it down" in page


def test_the_customer_page_says_when_not_to_trust_it(desk: Client, known: Snapshot) -> None:
    page = text(desk.get("/customers/55/").content)
    days = (timezone.now().date() - known.as_of_date).days
    assert f"When not to trust this Old logs. The logs end {days:,} days ago." in page


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "</script><b>", "{{ 7|add:7 }}", "a" * 3_000])
def test_hostile_text_in_what_was_published_stays_text(desk: Client, snapshot: Snapshot, hostile: str) -> None:
    reasons = [{**REASONS[0], "s": hostile}]
    change = {"p": 0.2, "m": [{"f": "adverts_7d", "o": 0.1, "n": 0.2, "s": hostile}]}
    features = {**MODEL_FACTS["features"], "adverts_7d": {"topic": hostile, "typical": 4.0}}
    row = customer("77", reasons=reasons, change=change, doubts=[{"c": hostile, "s": hostile}])
    with connection.cursor() as cursor:
        publish(cursor, [row], model_facts={**MODEL_FACTS, "features": features, "shifted": {hostile: 1.0}})
    page = desk.get("/customers/77/").content.decode()
    assert page.count(escape(hostile)) >= 7
    if escape(hostile) != hostile:
        assert hostile not in page.replace(escape(hostile), "")


def test_a_change_across_models_or_for_a_new_customer_is_a_plain_statement(desk: Client, snapshot: Snapshot) -> None:
    with connection.cursor() as cursor:
        publish(cursor, [customer("77", change=None)])
        assert "What changed since 24 Nov 2018 This customer had no score then." in text(
            desk.get("/customers/77/").content
        )
        previous = {"as_of": "2018-11-24", "same_model": False}
        publish(cursor, [customer("77", change=None)], model_facts={**MODEL_FACTS, "previous": previous})
    page = text(desk.get("/customers/77/").content)
    assert "Another model scored then. Its figures cannot be compared with those of today." in page


def test_rows_published_before_there_were_reasons_still_have_a_page(desk: Client, snapshot: Snapshot) -> None:
    with connection.cursor() as cursor:
        publish(cursor, [customer("77", reasons=None, change=None)], model_facts=None)
    page = text(desk.get("/customers/77/").content)
    assert "30.0 % High risk" in page
    assert "Why" not in page
    assert "When not to trust this" not in page


def test_a_cancelled_customer_has_no_probability(desk: Client, known: Snapshot) -> None:
    page = text(desk.get("/customers/551/").content)
    assert "This customer cancelled on 1 Dec 2018." in page
    assert "Probability of cancelling" not in page


def test_a_customer_of_whom_little_is_known_still_has_a_page(desk: Client, known: Snapshot) -> None:
    page = text(desk.get("/customers/56/").content)
    assert "Name unknown" in page
    assert "Customer since Unknown" in page
    assert "Nothing to compare yet" in page


def test_without_a_model_the_page_says_why(desk: Client, unscored_snapshot: Snapshot) -> None:
    page = text(desk.get("/customers/300001/").content)
    assert "Not scored" in page
    assert "No log holds a cancellation." in page
    assert "Model none" in page


@pytest.mark.parametrize(("path", "status"), [("/search/?q=55", 200), ("/customers/55/", 404)])
def test_before_the_first_snapshot_it_says_what_to_do(desk: Client, path: str, status: int) -> None:
    response = desk.get(path)
    assert response.status_code == status
    assert "Materialize in Dagster" in response.content.decode()


@pytest.mark.parametrize("path", ["/customers/55/", "/search/?q=5", "/search/?q=5599", "/nothing"])
def test_every_page_says_which_data_and_model_it_shows(desk: Client, known: Snapshot, path: str) -> None:
    page = text(desk.get(path).content)
    assert "Data up to 1 Dec 2018 Model 2018-12-01.1 Published 2 Dec 2018 04:30 UTC" in page
    assert f"Encore {version_of(PROJECT_ROOT)}" in page


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/customers/55/", SESSION + USER + SNAPSHOT + CUSTOMER + AUDIT + DESK + WATCH),
        ("/search/?q=55", SESSION + USER + SNAPSHOT + BOUND + CUSTOMER + AUDIT),
        ("/search/?q=5", SESSION + USER + SNAPSHOT + BOUND + CUSTOMER + AUDIT),
        ("/search/?q=5599", SESSION + USER + SNAPSHOT + BOUND + CUSTOMER + 2 + AUDIT),  # two walks for the near ones
        ("/customers/5599/", SESSION + USER + SNAPSHOT + CUSTOMER + 2 + AUDIT),
        ("/customers/5/5/", SESSION + USER + SNAPSHOT + CUSTOMER + 2 + AUDIT),  # a number that nobody has
    ],
)
def test_the_number_of_queries_is_fixed(
    desk: Client, known: Snapshot, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int
) -> None:
    desk.get(path)
    with django_assert_num_queries(queries):
        desk.get(path)
