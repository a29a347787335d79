import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from tests.webportal.publishing import customer, publish
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
    ("prefix", "expected"), [("2", ["2", "20", "209", "21"]), ("20", ["20", "209"]), ("9", []), ("%", []), ("_", [])]
)
def test_lists_numbers_with_a_prefix_in_order(agent: User, few: Snapshot, prefix: str, expected: list[str]) -> None:
    assert numbers(selectors.customers_with_prefix(agent, few, prefix)) == expected


def test_lists_one_more_than_the_limit(agent: User, snapshot: Snapshot) -> None:
    assert len(selectors.customers_with_prefix(agent, snapshot, "3")) == selectors.SEARCH_LIMIT + 1


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
