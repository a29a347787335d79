"""The card shows what its issuer may see now, to whoever holds the address, for a short while."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.webportal.publishing import Row, customer, publish
from webportal.api.tokens import NewToken
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import Snapshot


def test_shows_probability_band_reasons_and_doubts_and_no_name(
    card: str, customers: list[Row], snapshot: Snapshot
) -> None:
    page = Client().get(card).content.decode()
    assert f"{100 * customers[0]['churn_probability']:.1f} %" in page
    assert f'class="band band-{customers[0]["risk_band"]}"' in page
    assert page.count("12 adverts in the last 7 days") == 1
    assert "On the paid level" not in page  # the fifth reason: three are shown
    assert "When not to trust this" in page
    assert "Freeman" not in page
    assert str(customers[0]["first_name"]) not in page


def test_needs_no_cookie_sets_none_and_holds_nothing_that_acts(card: str) -> None:
    response = Client().get(card)
    page = response.content.decode()
    assert response.status_code == 200
    assert not response.cookies
    assert not [word for word in ("<script", "<form", "<button", "<iframe", "onclick") if word in page]
    assert page.count("<a ") == 1
    assert 'target="_blank" rel="noopener noreferrer"' in page


def test_is_kept_nowhere_and_tells_nobody_where_it_was(card: str) -> None:
    headers = Client().get(card).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_nobody_may_frame_it_unless_named(card: str, settings: Settings) -> None:
    closed = Client().get(card).headers
    assert "frame-ancestors 'none'" in closed["Content-Security-Policy"]
    assert closed["X-Frame-Options"] == "DENY"
    settings.EMBED_HOSTS = ["https://crm.example", "https://*.desk.example"]
    opened = Client().get(card).headers
    assert "frame-ancestors https://crm.example https://*.desk.example;" in opened["Content-Security-Policy"]
    assert "X-Frame-Options" not in opened


def test_no_other_page_may_be_framed_by_those_named(desk: Client, snapshot: Snapshot, settings: Settings) -> None:
    settings.EMBED_HOSTS = ["https://crm.example"]
    for path in ("/", "/customers/300001/", "/login/", "/api/v1/docs/"):
        headers = desk.get(path).headers
        assert "crm.example" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_audit_says_who_was_shown_whom(card: str, token: NewToken) -> None:
    Client().get(card)
    event = AuditEvent.objects.filter(kind=Kind.VIEWED).get()
    assert (event.actor, event.subjects) == ("agent", ["300001"])
    assert event.details == {"card": True, "token": token.token.prefix}


def test_a_card_issued_to_nobody_is_not_in_the_audit(card: str) -> None:
    assert not AuditEvent.objects.filter(kind=Kind.VIEWED).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"churn_probability": None, "cancelled_on": "2018-11-20"}, "Cancelled on 20 Nov 2018."),
        ({"churn_probability": None}, "Not scored"),
    ],
)
def test_says_so_where_there_is_no_score(
    issue: Callable[[str], str], changes: dict[str, object], words: str, db: None
) -> None:
    with connection.cursor() as cursor:
        publish(cursor, [customer("7", **changes)])
    assert words in Client().get(issue("7")).content.decode()


def test_shows_the_newest_snapshot(card: str) -> None:
    with connection.cursor() as cursor:
        publish(cursor, [customer("300001", churn_probability=0.987)])
    assert "98.7 %" in Client().get(card).content.decode()


def test_takes_six_statements(card: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    Client().get(card)
    with django_assert_num_queries(6):  # token, owner, limit, snapshot, customer, audit
        Client().get(card)


def test_only_known_customers_get_a_card(token: NewToken, snapshot: Snapshot) -> None:
    program = Client(headers={"Authorization": f"Bearer {token.text}"})
    response = program.post("/api/v1/customers/300999/card/")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "no_customer")
