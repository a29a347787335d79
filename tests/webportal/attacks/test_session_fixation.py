"""A session that an attacker knows is worth nothing."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from webportal.accounts.models import User

CREDENTIALS = {"login": "agent", "password": "correct horse"}


def session_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.mark.parametrize("planted", ["a" * 32, "0", "x" * 5_000, "../../etc/passwd", "' OR 1=1 --"])
def test_a_planted_session_is_not_taken_over(agent: User, planted: str) -> None:
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert browser.post("/login/", CREDENTIALS).status_code == 302
    assert session_of(browser) != planted
    assert not Session.objects.filter(session_key=planted).exists()
    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert attacker.get("/search/").headers["Location"].startswith("/login/")


def test_signing_in_changes_a_session_that_was_there_before(agent: User) -> None:
    browser = Client()
    browser.session.save()  # an anonymous session, as one with a message in it
    before = session_of(browser)
    browser.post("/login/", CREDENTIALS)
    assert session_of(browser) != before
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_out_ends_the_session_on_the_server(agent: User) -> None:
    browser = Client()
    browser.post("/login/", CREDENTIALS)
    stolen = session_of(browser)
    browser.post("/logout/")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = stolen
    assert thief.get("/search/").headers["Location"].startswith("/login/")


def test_the_cookie_is_for_this_site_and_no_script(agent: User) -> None:
    browser = Client()
    browser.post("/login/", CREDENTIALS)
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


def test_no_address_carries_a_session(agent: User) -> None:
    browser = Client()
    browser.post("/login/", CREDENTIALS)
    key = session_of(browser)
    assert Client().get(f"/search/?sessionid={key}").headers["Location"].startswith("/login/")
    assert key not in browser.get("/search/").content.decode()


def test_the_token_of_forms_changes_with_the_login(agent: User) -> None:
    browser = Client()
    browser.get("/login/")
    before = browser.cookies[settings.CSRF_COOKIE_NAME].value
    browser.post("/login/", CREDENTIALS)
    assert browser.cookies[settings.CSRF_COOKIE_NAME].value != before
