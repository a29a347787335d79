from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from tests.webportal.publishing import customer, publish
from webportal.accounts.models import User
from webportal.customers.current_snapshot import current_snapshot
from webportal.customers.current_snapshot import snapshot as offer
from webportal.customers.models import Snapshot


def test_one_request_sees_one_snapshot_whatever_is_published_meanwhile(snapshot: Snapshot) -> None:
    request = RequestFactory().get("/")
    assert current_snapshot(request) == snapshot
    with connection.cursor() as cursor:
        newer = publish(cursor, [customer("7")])
    assert current_snapshot(request) == snapshot
    later = current_snapshot(RequestFactory().get("/"))
    assert later is not None
    assert later.snapshot_id == newer


def test_it_is_asked_for_once_even_when_there_is_none(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = RequestFactory().get("/")
    with django_assert_num_queries(1):
        assert current_snapshot(request) is None
        assert current_snapshot(request) is None


def test_templates_of_signed_in_users_may_ask_for_it(agent: User, snapshot: Snapshot) -> None:
    request = RequestFactory().get("/")
    request.user = agent
    assert offer(request)["snapshot"]() == snapshot


def test_templates_of_anonymous_visitors_may_not() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert offer(request) == {}
