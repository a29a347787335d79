"""The second factor from setting it up to losing the phone."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from webportal.accounts.models import User
from webportal.accounts.services import remove_second_factor
from webportal.audit.models import AuditEvent, Kind

LOGIN = {"login": "agent", "password": "correct horse"}


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up(client: Client) -> str:
    """Log in and set up a second factor as a person would; return its secret."""
    client.post("/login/", LOGIN)
    asks = client.get("/account/second-factor/on/").headers["Location"]
    assert client.post(asks, {"password": LOGIN["password"]}).headers["Location"] == "/account/second-factor/on/"
    page = client.get("/account/second-factor/on/")
    secret: str = page.context["form"].secret
    assert "data:image/svg+xml" in page.content.decode()
    done = client.post("/account/second-factor/on/", {"code": code_for(secret)})
    assert done.headers["Location"] == "/account/recovery-codes/"
    return secret


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
