import re

from django.test import Client
from pytest_django import DjangoAssertNumQueries

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
    with django_assert_num_queries(3) as queries:  # session, user, snapshot
        desk.get("/")
    assert not [query for query in queries.captured_queries if "customer_snapshot" in query["sql"]]
