import pytest
from django.db import connection

from tests.webportal.publishing import customer, pseudonym_of, publish
from webportal.accounts.models import Team, User
from webportal.api.screen_pop import MOST, customers_written
from webportal.common.customer_numbers import NumberKey
from webportal.customers.models import Snapshot
from webportal.customers.selectors import customers_visible_to


@pytest.fixture
def numbers(db: None) -> Snapshot:
    rows = [
        customer(number) for number in ("7", "007", "70", "12.34", "1234", "A-7", *(f"{n * '0'}5" for n in range(30)))
    ]
    with connection.cursor() as cursor:
        return Snapshot.objects.get(snapshot_id=publish(cursor, rows))


def found(viewer: User, snapshot: Snapshot, written: str) -> list[str]:
    return [each.customer_number for each in customers_written(viewer, snapshot, written)]


def test_finds_every_customer_whose_number_may_be_written_so(agent: User, numbers: Snapshot) -> None:
    assert found(agent, numbers, "0 7") == ["007", "7"]
    assert found(agent, numbers, "12.34") == ["12.34", "1234"]
    assert found(agent, numbers, "1234") == ["1234"]
    assert found(agent, numbers, "a-7") == ["A-7"]
    assert found(agent, numbers, "8") == []
    assert found(agent, numbers, "ü") == []


def test_a_list_is_bounded_by_one_more_than_is_shown(agent: User, numbers: Snapshot) -> None:
    assert len(found(agent, numbers, "5")) == MOST + 1


def test_whom_the_team_does_not_see_is_not_found(agent: User, numbers: Snapshot) -> None:
    agent.team = Team.objects.create(name="free", levels=["free"])
    assert found(agent, numbers, "7") == []


def test_an_analyst_asks_by_pseudonym_in_any_writing(analyst: User, numbers: Snapshot) -> None:
    pseudonym = pseudonym_of("7")
    assert found(analyst, numbers, f" #{pseudonym.lower()[:5]} {pseudonym.lower()[5:]}") == [pseudonym]
    assert found(analyst, numbers, "7") == []


def test_the_index_of_keys_answers(agent: User, numbers: Snapshot) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        asked = customers_visible_to(agent, numbers).alias(key=NumberKey("customer_number")).filter(key__in=["7"])
        plan = asked.explain()
    assert "Index Cond: (ltrim(lower(customer_number), '0'::text) = " in plan
