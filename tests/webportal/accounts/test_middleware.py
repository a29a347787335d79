"""Idle and absolute limits of sessions, and roles that need a second factor."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from tests.webportal.attacks.walking import paths
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


@pytest.mark.parametrize("path", ["/desk/15/note/", "/worklist/next/", "/filters/save/", "/alerts/watch/"])
def test_the_login_after_a_lost_form_leads_to_the_page_of_the_form(client: Client, db: None, path: str) -> None:
    here = {"Referer": "http://testserver/customers/15/?older=3"}
    answer = client.post(path, {"words": "typed"}, headers=here)
    assert answer.headers["Location"] == "/login/?next=/customers/15/%3Folder%3D3"
    assert "nothing was saved" in client.get(answer.headers["Location"]).content.decode()
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("path", "page"), [("/desk/15/note/", "/customers/15/"), ("/worklist/next/", "/"), ("/admin/accounts/user/1/", "/")]
)
@pytest.mark.parametrize("referer", ["", "https://evil.example/x", "http://testserver//evil.example/", "nonsense"])
def test_without_a_page_of_ours_it_leads_to_one_that_can_be_opened(
    client: Client, db: None, path: str, page: str, referer: str
) -> None:
    answer = client.post(path, headers={"Referer": referer} if referer else {})
    assert answer.headers["Location"] == f"/login/?next={page}"


def test_after_the_login_there_is_a_page_at_every_address_of_a_form(
    client: Client, agent: User, snapshot: Snapshot
) -> None:
    for path in paths():
        client.logout()
        answer = client.post(path)
        if not answer.headers.get("Location", "").startswith("/login/?next=/"):
            continue
        client.force_login(agent)
        led = parse_qs(urlsplit(answer.headers["Location"]).query)["next"][0]
        assert client.get(led).status_code == 200, path


def test_an_address_of_a_form_has_a_page_that_says_so(desk: Client) -> None:
    answer = desk.get("/worklist/next/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "takes what a form sends" in answer.content.decode()
    assert answer.headers["Content-Length"] == str(len(answer.content))


def test_an_expired_form_leads_back_to_its_page(agent: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)
    answer = client.post("/desk/15/note/", headers={"Referer": "http://testserver/customers/15/"})
    assert answer.status_code == 403
    assert 'href="/customers/15/"' in answer.content.decode()
    assert "evil" not in client.post("/desk/15/note/", headers={"Referer": "http://evil.example/"}).content.decode()


def test_who_logs_out_late_is_not_told_of_lost_words(client: Client, db: None) -> None:
    answer = client.post("/logout/", headers={"Referer": "http://testserver/customers/15/"})
    assert answer.headers["Location"] == "/login/?next="
    assert "nothing was saved" not in client.get("/login/").content.decode()
