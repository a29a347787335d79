"""The second factor from setting it up to losing the phone."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, DjangoDbBlocker

from tests.webportal.accounts.second_factor import LOGIN, code_for, set_up
from tests.webportal.scratch import django_at, migrated_database
from webportal.accounts.models import User
from webportal.accounts.services import remove_second_factor
from webportal.audit.models import AuditEvent, Kind


def recovery_codes(client: Client) -> list[str]:
    codes: list[str] = client.get("/account/recovery-codes/").context["unused_codes"]
    return codes


@pytest.fixture
def secret(agent: User, client: Client) -> str:
    return set_up(client)


def test_the_login_then_asks_for_a_code(secret: str) -> None:
    browser = Client()
    assert browser.post("/login/", LOGIN).headers["Location"] == "/login/code/"
    assert browser.get("/").headers["Location"].startswith("/login/")
    assert browser.post("/login/code/", {"code": code_for(secret)}).headers["Location"] == "/"
    assert browser.get("/account/").status_code == 200


def test_a_wrong_code_does_not_do(secret: str) -> None:
    browser = Client()
    browser.post("/login/", LOGIN)
    assert browser.post("/login/code/", {"code": "000000"}).status_code == 200
    assert browser.get("/account/").status_code == 302


def test_nor_does_no_code_at_all(secret: str) -> None:
    browser = Client()
    browser.post("/login/", LOGIN)
    assert browser.post("/login/code/", {}).status_code == 200
    assert browser.get("/account/").status_code == 302


def test_guesses_of_the_code_are_limited(secret: str) -> None:
    browser = Client()
    browser.post("/login/", LOGIN)
    pages = [browser.post("/login/code/", {"code": f"{number:06d}"}).content.decode() for number in range(15)]
    assert "Too many failed login attempts" in pages[-1]


def test_the_same_code_does_not_do_twice(secret: str) -> None:
    code = code_for(secret)
    for expected in (302, 200):
        browser = Client()
        browser.post("/login/", LOGIN)
        assert browser.post("/login/code/", {"code": code}).status_code == expected


@pytest.mark.parametrize("later", [0, 1])
def test_codes_of_a_clock_that_is_off_do_once(secret: str, later: int) -> None:
    for expected in (302, 200):
        browser = Client()
        browser.post("/login/", LOGIN)
        assert browser.post("/login/code/", {"code": code_for(secret, later)}).status_code == expected


@pytest.mark.parametrize("later", [-2, 2])
def test_a_clock_that_is_off_by_more_is_refused(secret: str, later: int) -> None:
    browser = Client()
    browser.post("/login/", LOGIN)
    assert browser.post("/login/code/", {"code": code_for(secret, later)}).status_code == 200


@pytest.mark.parametrize("between", ["-", " ", "."])
def test_a_spent_code_written_in_another_way_is_spent(secret: str, between: str) -> None:
    code = code_for(secret)
    for typed, expected in ((code, 302), (code[:3] + between + code[3:], 200)):
        browser = Client()
        browser.post("/login/", LOGIN)
        assert browser.post("/login/code/", {"code": typed}).status_code == expected


def test_a_code_before_one_that_was_spent_is_spent_too(secret: str) -> None:
    for later, expected in ((1, 302), (0, 200)):
        browser = Client()
        browser.post("/login/", LOGIN)
        assert browser.post("/login/code/", {"code": code_for(secret, later)}).status_code == expected


def test_the_code_that_switched_it_on_does_not_let_in(secret: str) -> None:
    browser = Client()
    browser.post("/login/", LOGIN)
    assert browser.post("/login/code/", {"code": code_for(secret, later=-1)}).status_code == 200


def test_of_many_requests_at_once_with_one_code_a_single_one_gets_in(django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), migrated_database() as url, django_at(url):
        User.objects.create_user("agent", password=LOGIN["password"])
        client = Client()
        secret = set_up(client)
        for code in (code_for(secret), recovery_codes(client)[0]):
            assert _all_at_once(code) == [200] * 5 + [302]


def _all_at_once(code: str) -> list[int]:
    browsers = [Client() for _ in range(6)]
    for browser in browsers:
        browser.post("/login/", LOGIN)

    def enter(browser: Client) -> int:
        try:
            return browser.post("/login/code/", {"code": code}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(browsers)) as pool:
        return sorted(pool.map(enter, browsers))


def test_a_recovery_code_lets_in_once(secret: str, client: Client) -> None:
    code = recovery_codes(client)[0]
    for expected in (302, 200):
        browser = Client()
        browser.post("/login/", LOGIN)
        assert browser.post("/login/code/", {"code": code}).status_code == expected


def test_the_secret_is_kept_encrypted(secret: str) -> None:
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_it_is_written_down_without_the_secret(
    agent: User, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up(client)
    events = AuditEvent.objects.filter(kind=Kind.SECOND_FACTOR)
    assert {event.details["type"] for event in events} == {"totp", "recovery_codes"}
    assert secret not in str([event.details for event in events])


def test_a_wrong_code_is_written_down(secret: str) -> None:
    browser = Client()
    browser.post("/login/", LOGIN)
    browser.post("/login/code/", {"code": "000000"})
    failed = AuditEvent.objects.get(kind=Kind.LOGIN_FAILED)
    assert failed.details == {"user": "agent", "step": "second factor"}


def test_an_administrator_takes_a_lost_one_off(secret: str, agent: User, client: Client) -> None:
    remove_second_factor(user=agent)
    assert client.get("/account/").status_code == 302
    assert Client().post("/login/", LOGIN).headers["Location"] == "/"
