import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.webportal.publishing import FLOORS, customer, publish, summarise
from tests.webportal.told import MODEL_FACTS
from webportal.customers.models import Snapshot


def text(page: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())


def test_shows_the_figures_that_were_published(desk: Client, snapshot: Snapshot) -> None:
    page = text(desk.get("/").content)
    summary = snapshot.summary
    assert f"Customers 300 {summary['active']} active · {summary['cancelled']} cancelled" in page
    assert f"High risk {summary['bands']['high']}" in page
    assert "From 24.0 %: at least 2 times as likely as the average customer." in page
    assert f"Women {summary['genders']['F']}" in page
    assert "All customers as of 1 December 2018, from what they did since 1 October 2018." in page


def test_without_a_model_it_says_why_and_shows_the_rest(desk: Client, unscored_snapshot: Snapshot) -> None:
    page = text(desk.get("/").content)
    assert "Customers are not scored. No log holds a cancellation." in page
    assert "Who is at risk" not in page
    assert "Customers 300" in page


def test_before_the_first_snapshot_it_says_what_to_do(desk: Client) -> None:
    page = text(desk.get("/").content)
    assert "No scores yet" in page
    assert "Materialize in Dagster" in page
    assert "No snapshot has been published yet." in page


def test_counts_no_customer(
    desk: Client, snapshot: Snapshot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    desk.get("/")
    with django_assert_num_queries(4) as queries:  # session, user, pointer, the bands of the snapshots before
        desk.get("/")
    assert not [query for query in queries.captured_queries if "customer_snapshot" in query["sql"]]


def test_shows_risk_over_time_by_level_and_by_place(desk: Client, snapshot: Snapshot) -> None:
    with connection.cursor() as cursor:
        rows = [customer("1", risen_from="low"), customer("2", level="free", churn_probability=0.1)]
        publish(cursor, rows, as_of_date=date(2018, 12, 8))
    page = text(desk.get("/").content)
    assert "New at high risk 1 since the last snapshot" in page
    assert "At risk over time Share of scored customers at high risk: " in page
    assert "% on 1 Dec 2018, 50.0 % on 8 Dec 2018." in page
    assert "8 Dec 2018 2 1 50.0 % 0 0.0 % 2018-12-01.1" in page
    assert "Risk by level High Medium Low Shares Paid 1 0 0 100 %, 0 %, 0 % Free 0 0 1 0 %, 0 %, 100 %" in page
    assert "Risk by place The place with most customers at high risk. High Medium Low Shares MA-NH 1 0 1" in page


def test_every_figure_leads_to_the_list_behind_it(desk: Client, snapshot: Snapshot) -> None:
    page = unescape(desk.get("/").content.decode())
    asked = set(re.findall(r'href="/customers/([^"]*)"', page))
    assert {"", "?band=high", "?band=low", "?level=paid", "?gender=F", "?risen=1&band=high", "?from=10&to=15"} <= asked
    assert {"?level=paid&band=high", "?place=MA-NH&band=high", "?place=CA&band=low"} <= asked


def test_without_comparable_scores_the_tile_says_why(desk: Client, snapshot: Snapshot) -> None:
    rows = [customer("1")]
    with connection.cursor() as cursor:
        summary = {**summarise(rows, FLOORS), "risen": None}
        publish(cursor, rows, summary=summary, model_facts={**MODEL_FACTS, "previous": None})
    assert "There are no earlier scores to compare with." in text(desk.get("/").content)


def test_snapshots_of_before_show_what_they_have(desk: Client, snapshot: Snapshot) -> None:
    new = ("percentiles", "bands_by_level", "places", "risen", "drivers")
    summary = {name: value for name, value in snapshot.summary.items() if name not in new}
    with connection.cursor() as cursor:
        publish(cursor, [customer("1")], summary=summary, model_facts=None, model_card=None)
    page = text(desk.get("/").content)
    assert "Who is at risk" in page
    assert "Risk by level" not in page
    assert "Risk by place" not in page


@pytest.mark.parametrize(
    ("filters", "listed"),
    [
        ("", {"1", "2", "3", "4"}),
        ("?band=high", {"1", "2"}),
        ("?risen=1&band=high", {"1"}),
        ("?gender=F", {"3"}),
        ("?level=paid&band=high", {"1"}),
        ("?place=MA-NH&band=high", {"2"}),
        ("?from=50&to=55", {"2"}),
        ("?from=95&to=100", {"1"}),
    ],
)
def test_the_list_holds_whom_the_figure_counts(desk: Client, filters: str, listed: set[str], db: None) -> None:
    rows = [
        customer("1", churn_probability=1.0, risen_from="low", location="Bozeman, MT"),
        customer("2", churn_probability=0.5, level="free"),
        customer("3", churn_probability=0.15, risen_from="low", gender="F", location=None),
        customer("4", churn_probability=None, level=None),
    ]
    with connection.cursor() as cursor:
        publish(cursor, rows)
    assert f'href="/customers/{filters}"' in unescape(desk.get("/").content.decode())
    page = desk.get(f"/customers/{filters}").content.decode()
    assert set(re.findall(r'href="/customers/(\d+)/"', page)) == listed
