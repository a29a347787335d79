"""Idle and absolute limits of sessions, and roles that need a second factor."""

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from webportal.accounts.middleware import BEGAN, SEEN
from webportal.accounts.models import DeskSettings, User
from webportal.accounts.roles import Role
from webportal.customers.models import Snapshot


def set_back(client: Client, name: str, seconds: int) -> None:
    session = client.session
    session[name] -= seconds
    session.save()


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_used_session_goes_on(desk: Client) -> None:
    set_back(desk, SEEN, settings.SESSION_IDLE_SECONDS - 5)
    assert is_signed_in(desk)
    assert is_signed_in(desk)


def test_an_idle_session_ends(desk: Client) -> None:
    set_back(desk, SEEN, settings.SESSION_IDLE_SECONDS + 5)
    assert not is_signed_in(desk)
    assert not desk.session.get(SEEN)


def test_no_session_outlives_the_absolute_limit_however_busy(desk: Client) -> None:
    set_back(desk, BEGAN, settings.SESSION_COOKIE_AGE + 5)
    assert not is_signed_in(desk)


def test_a_session_is_written_once_a_minute(desk: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with CaptureQueriesContext(connection) as before:
        desk.get("/account/")
    assert not [query for query in before.captured_queries if "UPDATE" in query["sql"]]
    set_back(desk, SEEN, 61)
    with django_assert_num_queries(len(before) + 3) as queries:  # savepoint, update, release
        desk.get("/account/")
    assert sum("UPDATE" in query["sql"] for query in queries.captured_queries) == 1


def test_the_user_comes_with_team_and_second_factor_in_one_query(
    desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = desk.get("/account/").wsgi_request
    with django_assert_num_queries(1):
        user = get_user(request)
        assert isinstance(user, User)
        assert (user.team, getattr(user, "has_second_factor", None)) == (None, False)


@pytest.fixture
def strict(db: None) -> None:
    DeskSettings.objects.create(second_factor_roles=[Role.AGENT])


@pytest.mark.usefixtures("strict")
def test_who_needs_a_second_factor_is_led_to_set_it_up(desk: Client, snapshot: Snapshot) -> None:
    for path in ("/", "/customers/300001/", "/search/?q=3", "/charts/app/listening/", "/account/"):
        assert desk.get(path).headers["Location"] == "/account/second-factor/on/"
    assert desk.post("/charts/app/listening/_dash-update-component", "{}", "application/json").status_code == 403
    assert desk.get("/account/second-factor/on/").headers["Location"].startswith("/account/confirm/")
    assert desk.post("/logout/").status_code == 302


@pytest.mark.usefixtures("strict")
def test_who_has_one_or_needs_none_goes_on(
    agent: User, administrator: User, desk: Client, client: Client, snapshot: Snapshot
) -> None:
    Authenticator.objects.create(user=agent, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(administrator)
    assert [browser.get("/").status_code for browser in (desk, client)] == [200, 200]


def test_without_a_word_from_an_administrator_the_settings_decide(desk: Client, snapshot: Snapshot) -> None:
    assert desk.get("/").status_code == 200
    with override_settings(SECOND_FACTOR_ROLES=[Role.AGENT]):
        assert desk.get("/").status_code == 302
        DeskSettings.objects.create(second_factor_roles=[])
        assert desk.get("/").status_code == 200
