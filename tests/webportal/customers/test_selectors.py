from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from tests.webportal.publishing import customer, pseudonym_of, publish
from webportal.accounts.models import User
from webportal.customers import selectors
from webportal.customers.models import CustomerSnapshot, Snapshot


@pytest.fixture
def few(db: None) -> Snapshot:
    """Numbers of unequal length, as the logs have them."""
    with connection.cursor() as cursor:
        publish(cursor, [customer("100001")])
        publish(cursor, [customer(number) for number in ("2", "20", "21", "209", "31", "A7")])
    current = selectors.get_current_snapshot()
    assert current is not None
    return current


def numbers(found: list[CustomerSnapshot]) -> list[str]:
    return [each.customer_number for each in found]


def test_there_is_no_current_snapshot_before_the_first(db: None) -> None:
    assert selectors.get_current_snapshot() is None


def test_signed_in_users_see_the_customers_of_that_snapshot_alone(agent: User, few: Snapshot) -> None:
    assert set(numbers(list(selectors.customers_visible_to(agent, few)))) == {"2", "20", "21", "209", "31", "A7"}


def test_anonymous_and_disabled_users_see_none(agent: User, few: Snapshot) -> None:
    agent.is_active = False
    assert not selectors.customers_visible_to(AnonymousUser(), few).exists()
    assert not selectors.customers_visible_to(agent, few).exists()


@pytest.mark.parametrize(("number", "found"), [("20", True), ("200", False), ("a7", False), ("100001", False)])
def test_gets_a_customer_by_the_exact_number(agent: User, few: Snapshot, number: str, found: bool) -> None:
    assert (selectors.get_customer(agent, few, number) is not None) is found


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("2099", ["209"]),
        ("22", ["2", "20", "209", "21"]),
        ("30", ["31"]),
        ("A8", ["A7"]),
        ("9", []),
        ("", []),
    ],
)
def test_near_are_those_with_the_longest_common_beginning(
    agent: User, few: Snapshot, number: str, expected: list[str]
) -> None:
    assert numbers(selectors.customers_near(agent, few, number)) == expected


def test_near_are_at_most_eight_in_two_queries(
    agent: User, snapshot: Snapshot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        near = selectors.customers_near(agent, snapshot, "30015x")
    assert len(near) == selectors.NEAR_LIMIT
    assert all(number.startswith("30015") for number in numbers(near))


def test_the_primary_key_answers_a_prefix(agent: User, snapshot: Snapshot) -> None:
    found = selectors.customers_visible_to(agent, snapshot).filter(customer_number__startswith="30015")
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_bitmapscan = off")
    plan = found.order_by("customer_number")[:26].explain()
    assert f"customer_snapshot_s{snapshot.snapshot_id}_pkey" in plan
    assert "(customer_number >= '30015'::text)" in plan.split("Index Cond")[1].splitlines()[0]
    assert "Sort" not in plan


def test_a_customer_comes_with_the_scores_of_all_kept_snapshots_in_one_query(
    agent: User, few: Snapshot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with connection.cursor() as cursor:
        publish(cursor, [customer("2", churn_probability=0.2)], as_of_date=date(2018, 12, 8), model_version="next")
        publish(cursor, [customer("31")], as_of_date=date(2018, 12, 15), model_version=None)
        later = publish(cursor, [customer("2", churn_probability=None)], as_of_date=date(2018, 12, 22))
        publish(cursor, [customer("2")], as_of_date=date(2018, 12, 29))
    with django_assert_num_queries(1):
        found = selectors.get_customer_with_scores(agent, Snapshot(snapshot_id=later), "2")
    assert found is not None
    assert (found[0].customer_number, found[0].snapshot_id) == ("2", later)
    assert found[1][:4] == [
        {"as_of": "2018-12-22", "version": "2018-12-01.1", "score": {"p": None, "b": None}},
        {"as_of": "2018-12-15", "version": None, "score": None},
        {"as_of": "2018-12-08", "version": "next", "score": {"p": 0.2, "b": "medium"}},
        {"as_of": "2018-12-01", "version": "2018-12-01.1", "score": {"p": 0.3, "b": "high"}},
    ]
    assert len(found[1]) == 5


def test_each_kept_snapshot_is_probed_by_its_primary_key(agent: User, few: Snapshot) -> None:
    with connection.cursor() as cursor:
        for _again in range(3):
            publish(cursor, [customer(str(number)) for number in range(2_000)])
        current = selectors.get_current_snapshot()
        assert current is not None
        cursor.execute("analyze customer_snapshot")
        with CaptureQueriesContext(connection) as asked:
            selectors.get_customer_with_scores(agent, current, "777")
        cursor.execute(f"explain {asked.captured_queries[0]['sql']}")
        plan = [line for (line,) in cursor.fetchall()]
    partition = f"customer_snapshot_s{current.snapshot_id}"
    probes = [line for line in plan if f"{partition}_pkey on {partition}" in line]
    assert len(probes) == 2, plan  # the customer, and the score in the current snapshot
    assert not [line for line in plan if f"Seq Scan on {partition}" in line]


def test_an_analyst_gets_scores_by_the_pseudonym_and_a_stranger_none(analyst: User, agent: User, few: Snapshot) -> None:
    found = selectors.get_customer_with_scores(analyst, few, pseudonym_of("2"))
    assert found is not None
    assert [past["score"] for past in found[1]] == [{"p": 0.3, "b": "high"}, None]
    assert selectors.get_customer_with_scores(analyst, few, "2") is None
    assert selectors.get_customer_with_scores(AnonymousUser(), few, "2") is None
    assert selectors.get_customer_with_scores(agent, few, "99") is None
