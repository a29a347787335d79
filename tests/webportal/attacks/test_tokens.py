"""Nobody gets into the API but by a live token of somebody who may."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.webportal.attacks.walking import paths
from webportal.accounts.models import User
from webportal.api.models import ApiToken
from webportal.api.tokens import create_token
from webportal.customers.models import Snapshot

ENDPOINTS = [path for path in paths() if path.startswith("/api/") and path != "/api/v1/docs/"]
WRONG = [
    "",
    "Bearer",
    "Bearer ",
    "Bearer null",
    "Bearer encore_00000000_" + "a" * 43,
    "Bearer ' OR 1=1 --",
    "Bearer \x00",
    "Bearer " + "a" * 5_000,
    "Basic YWdlbnQ6Y29ycmVjdCBob3JzZQ==",
    "Token abc",
    "Bearer a b c",
    "bearer\tencore",
]


def asked(text: str) -> Client:
    return Client(raise_request_exception=False, headers={"Authorization": text})


def test_there_are_endpoints() -> None:
    assert {"/api/v1/customers/", "/api/v1/customers/300001/", "/api/v1/snapshot/", "/api/v1/schema/"} <= set(ENDPOINTS)


@pytest.mark.parametrize("header", WRONG)
def test_no_wrong_header_opens_an_endpoint(snapshot: Snapshot, unlimited: None, header: str) -> None:
    program = asked(header)
    for path in ENDPOINTS:
        response = program.get(path)
        assert response.status_code == 401, path
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="encore"'
        assert response.json()["error"]["code"] in ("not_authenticated", "authentication_failed")


def test_a_session_opens_no_endpoint(
    browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot
) -> None:
    browser = browser_of(administrator)
    for path in ENDPOINTS:
        if path != "/api/v1/schema/":  # for people who read it
            assert browser.get(path).status_code == 401, path


def test_a_token_opens_no_page(program: Client, snapshot: Snapshot) -> None:
    for path in paths():
        if path.startswith(("/account", "/admin", "/charts", "/customers", "/search")) or path == "/":
            assert program.get(path).status_code in (302, 405), path
            assert program.get(path).headers.get("Location", "/login/").startswith(("/login/", "/admin/login/")), path
    assert program.get("/api/v1/docs/").status_code == 302


def test_every_refused_token_is_refused_alike(agent: User, snapshot: Snapshot) -> None:
    def fresh() -> tuple[ApiToken, str]:
        made = create_token(owner=agent, name="CRM", lifetime=timedelta(days=1))
        return made.token, made.text

    (expired, expired_text), (revoked, revoked_text), (_, live) = fresh(), fresh(), fresh()
    ApiToken.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    ApiToken.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now())
    other_secret = live[:-1] + ("A" if live[-1] != "A" else "B")
    unknown = "encore_ffffffff_" + "a" * 43
    answers = {
        asked(f"Bearer {text}").get("/api/v1/snapshot/").content
        for text in (expired_text, revoked_text, other_secret, unknown)
    }
    assert len(answers) == 1
    assert asked(f"Bearer {live}").get("/api/v1/snapshot/").status_code == 200


def test_a_token_ends_with_its_owner(program: Client, agent: User, snapshot: Snapshot) -> None:
    assert program.get("/api/v1/snapshot/").status_code == 200
    User.objects.filter(pk=agent.pk).update(is_active=False)
    assert program.get("/api/v1/snapshot/").status_code == 401


def test_the_table_of_tokens_opens_nothing(agent: User, snapshot: Snapshot) -> None:
    made = create_token(owner=agent, name="CRM", lifetime=timedelta(days=1))
    stolen = ApiToken.objects.filter(pk=made.token.pk).values_list("prefix", "digest", "name")[0]
    assert made.text.rpartition("_")[2] not in stolen
    for text in (stolen[1], f"encore_{stolen[0]}_{stolen[1]}", f"encore_{stolen[0]}_{stolen[1][:43]}"):
        assert asked(f"Bearer {text}").get("/api/v1/snapshot/").status_code == 401


def test_guessing_is_slowed_down(snapshot: Snapshot, settings: Settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = {"token": 5, "address": 5}
    answers = [asked(f"Bearer encore_{n:08x}_{'a' * 43}").get("/api/v1/snapshot/") for n in range(14)]
    statuses = [answer.status_code for answer in answers]
    assert set(statuses[:5]) == {401}
    assert 429 in statuses  # a full minute may have begun in between
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json()["error"]["code"] == "throttled"
