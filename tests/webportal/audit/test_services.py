"""Writing the audit: one INSERT an event."""

import pytest
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from tests.webportal.publishing import pseudonym_of
from webportal.accounts.models import User
from webportal.audit.models import AuditEvent, Kind
from webportal.audit.services import record
from webportal.customers.models import Snapshot


@pytest.mark.django_db
def test_an_event_is_one_insert(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1) as queries:
        record(Kind.VIEWED, request=RequestFactory().get("/customers/7/"), subjects=["7"])
    assert queries.captured_queries[0]["sql"].startswith("INSERT")


def test_a_customer_page_says_who_looked_at_whom(desk: Client, agent: User, snapshot: Snapshot) -> None:
    desk.get("/customers/300001/", REMOTE_ADDR="10.1.2.3")
    event = AuditEvent.objects.get(kind=Kind.VIEWED)
    assert (event.actor_id, event.actor, event.address) == (agent.pk, "agent", "10.1.2.3")
    assert (event.subjects, event.path) == (["300001"], "/customers/300001/")


def test_a_list_says_whom_it_showed(desk: Client, snapshot: Snapshot) -> None:
    desk.get("/search/?q=30000")
    event = AuditEvent.objects.get(kind=Kind.SEARCHED)
    assert event.subjects == [f"30000{digit}" for digit in range(1, 10)]
    assert event.details == {"typed": "30000"}


def test_numbers_that_come_near_are_a_list_too(desk: Client, snapshot: Snapshot) -> None:
    desk.get("/customers/30015x/")
    assert len(AuditEvent.objects.get(kind=Kind.SEARCHED).subjects) == 8


def test_of_an_analyst_the_pseudonym_is_written(analyst: User, client: Client, snapshot: Snapshot) -> None:
    client.force_login(analyst)
    client.get(f"/customers/{pseudonym_of('300001')}/")
    assert AuditEvent.objects.get(kind=Kind.VIEWED).subjects == [pseudonym_of("300001")]


def test_who_is_not_found_was_not_viewed(desk: Client, snapshot: Snapshot) -> None:
    desk.get("/customers/999/")
    assert not AuditEvent.objects.filter(kind=Kind.VIEWED).exists()
