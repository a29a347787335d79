"""The signed address of a card: not to be changed, invented, kept, borrowed, or used after its issuer is out."""

import time
from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.webportal.publishing import customer, publish
from webportal.accounts.models import DeskSettings, Team, User
from webportal.accounts.roles import Role
from webportal.api.cards import SALT
from webportal.api.models import ApiToken
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import Snapshot
from webportal.privacy.services import erase

KNOWN = "300001"


@pytest.fixture
def card(program: Client, snapshot: Snapshot) -> str:
    """The path of a card issued by the agent's token."""
    address: str = program.post(f"/api/v1/customers/{KNOWN}/card/").json()["url"]
    return address.removeprefix("http://testserver")


def shows(path: str) -> bool:
    response = Client(raise_request_exception=False).get(path)
    assert response.status_code < 500
    return response.status_code == 200


def refused(path: str, status: int) -> None:
    """The page is small, clear, ours, and says nothing of the customer."""
    response = Client(raise_request_exception=False).get(path)
    page = response.content.decode()
    assert response.status_code == status
    assert "No card" in page
    assert KNOWN not in page
    assert "data-probability" not in page
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies


def test_no_changed_address_is_taken(card: str) -> None:
    assert shows(card)
    start = len("/card/")
    for place in range(start, len(card) - 2, 2):
        other = "A" if card[place] != "A" else "B"
        assert not shows(card[:place] + other + card[place + 1 :]), place


@pytest.mark.parametrize("signed", ["x", "::", "a:b:c", "e30:1:x", "x" * 3_000, "%2e%2e", "%F0%9F%98%80", "٣:٣:٣"])
def test_no_invented_address_is_taken(snapshot: Snapshot, signed: str) -> None:
    refused(f"/card/{signed}/", 404)


@pytest.mark.parametrize("salt", ["", "django.core.signing", "encore.api.cursor"])
def test_what_was_signed_for_something_else_is_not_taken(agent: User, program: Client, card: str, salt: str) -> None:
    values = [KNOWN, ApiToken.objects.get().pk]
    assert shows(f"/card/{signing.dumps(values, salt=SALT)}/")
    refused(f"/card/{signing.dumps(values, salt=salt)}/", 404)


def test_a_card_opens_nothing_else(program: Client, card: str) -> None:
    signed = card.removeprefix("/card/").rstrip("/")
    response = program.get("/api/v1/customers/", {"after": signed})
    assert response.status_code == 400
    assert Client(headers={"Authorization": f"Bearer {signed}"}).get("/api/v1/snapshot/").status_code == 401


def test_another_number_needs_another_signature(card: str) -> None:
    payload, rest = card.removeprefix("/card/").rstrip("/").split(":", 1)
    token = ApiToken.objects.get()
    signed = signing.dumps(["300002", token.pk], salt=SALT)
    assert shows(f"/card/{signed}/")
    other = signed.split(":", 1)[0]
    assert payload != other
    refused(f"/card/{other}:{rest}/", 404)


def test_it_ends_in_time(card: str, settings: Settings) -> None:
    later = time.time() + settings.CARD_LIFE_SECONDS
    with patch("django.core.signing.time.time", return_value=later - 2):
        assert shows(card)
    with patch("django.core.signing.time.time", return_value=later + 2):
        refused(card, 410)


def test_it_ends_with_its_token(card: str) -> None:
    ApiToken.objects.update(revoked_at=timezone.now())
    refused(card, 403)


def test_it_ends_when_its_token_expires(card: str) -> None:
    ApiToken.objects.update(expires_at=timezone.now())
    refused(card, 403)


def test_it_ends_with_its_user(card: str) -> None:
    User.objects.update(is_active=False)
    refused(card, 403)


def test_it_ends_with_a_deleted_token(card: str) -> None:
    ApiToken.objects.all().delete()
    refused(card, 403)


def test_it_ends_where_the_user_now_lacks_a_second_factor(card: str) -> None:
    DeskSettings.objects.create(second_factor_roles=[Role.AGENT])
    refused(card, 403)


def test_it_shows_what_the_user_sees_when_it_is_shown(card: str, agent: User) -> None:
    team = Team.objects.create(name="elsewhere", places=["Nowhere, XX"])
    User.objects.filter(pk=agent.pk).update(team=team)
    refused(card, 404)


def test_a_card_issued_by_an_agent_who_became_an_analyst_shows_nobody(card: str) -> None:
    User.objects.update(role=Role.ANALYST)
    refused(card, 404)


def test_whom_another_team_sees_gets_no_card(program: Client, agent: User, snapshot: Snapshot) -> None:
    User.objects.filter(pk=agent.pk).update(team=Team.objects.create(name="elsewhere", places=["Nowhere, XX"]))
    known = program.post(f"/api/v1/customers/{KNOWN}/card/")
    unknown = program.post("/api/v1/customers/999999/card/")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (404, known.content)


def test_an_erased_customer_is_gone_from_open_cards(card: str, administrator: User) -> None:
    erase(number=KNOWN, reason="asked", by="admin")
    refused(card, 404)


def test_a_session_in_the_same_browser_lends_it_nothing(
    card: str, browser_of: Callable[..., Client], administrator: User, agent: User
) -> None:
    """The administrator is signed in; the card still looks with the eyes of the agent whose token issued it."""
    User.objects.filter(pk=agent.pk).update(team=Team.objects.create(name="elsewhere", places=["Nowhere, XX"]))
    assert browser_of(administrator).get(card).status_code == 404
    User.objects.filter(pk=agent.pk).update(team=None)
    assert browser_of(administrator).get(card).status_code == 200
    assert AuditEvent.objects.filter(kind=Kind.VIEWED).get().actor == "agent"


def test_cards_count_against_the_limit_of_their_token(card: str, settings: Settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = {"token": 3, "address": 300}
    # a minute of its own: the one at hand may end meanwhile, and counts the request of the fixture
    minute = timezone.now() + timedelta(minutes=2)
    with patch("webportal.api.tokens.timezone.now", return_value=minute):
        assert [Client().get(card).status_code for _ in range(8)] == [200] * 3 + [429] * 5
    with patch("webportal.api.tokens.timezone.now", return_value=minute + timedelta(minutes=1)):
        assert shows(card)


def test_what_a_customer_writes_into_the_logs_does_not_run_in_a_card(program: Client, db: None) -> None:
    attack = "<script>alert(1)</script>"
    reason = f'[{{"c": 0.5, "f": "adverts_7d", "v": 1.0, "q": 5, "s": "{attack}"}}]'
    with connection.cursor() as cursor:
        publish(cursor, [customer("7", reasons=reason, first_name=attack, location=attack)])
    address: str = program.post("/api/v1/customers/7/card/").json()["url"]
    page = Client().get(address.removeprefix("http://testserver")).content.decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_no_host_of_the_request_ends_up_in_an_address(program: Client, snapshot: Snapshot) -> None:
    response = program.post(f"/api/v1/customers/{KNOWN}/card/", headers={"X-Forwarded-Host": "evil.example"})
    assert response.json()["url"].startswith("http://testserver/card/")
    assert program.post(f"/api/v1/customers/{KNOWN}/card/", headers={"Host": "evil.example"}).status_code == 400
