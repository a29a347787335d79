"""The card shows what its issuer may see now, to whoever holds the address, for a short while."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.webportal.desk.conftest import ALWAYS_HELD, known, sent
from tests.webportal.desk.test_worklist import contact
from tests.webportal.publishing import Row, customer, publish
from webportal.accounts.models import User
from webportal.accounts.roles import Role
from webportal.api.cards import sign_card
from webportal.api.tokens import NewToken
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import Snapshot
from webportal.desk.models import Contact, Outcome


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


def test_takes_nine_statements(card: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    Client().get(card)
    # token, owner, limit, snapshot, customer, audit, settings, last contact, notice
    with django_assert_num_queries(9):
        Client().get(card)


def text(page: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())


def test_tells_the_last_contact_and_the_notice_as_the_customer_page_does(
    card: str, desk: Client, agent: User, administrator: User
) -> None:
    assert "Last contact None yet." in text(Client().get(card).content)
    offered = "three months <b>for two</b>"
    desk.post("/desk/300001/contact/", sent(offered=offered, words="told of her dog"))
    desk.post("/desk/300001/contact/", sent(outcome="not reached", channel="mail"))
    Contact.objects.filter(outcome=Outcome.NOT_REACHED).update(agent=administrator)
    shown, page = (text(each.get(path).content) for each, path in ((Client(), card), (desk, "/customers/300001/")))
    notice = "In contact today: We called, agent. Offered: three months &lt;b&gt;for two&lt;/b&gt;. 1 contact within 14"
    assert notice in shown
    assert notice in page
    last = shown.partition("Last contact ")[2].partition(" Why")[0]
    assert last.startswith("Not reached ")
    assert last.endswith(" UTC · Mail · admin")
    assert last in page
    assert "her dog" not in shown  # what was said stays in Encore


def test_leaves_out_contacts_that_were_corrected(card: str) -> None:
    contact("300001", Outcome.LEFT, standing=False)
    assert "Last contact None yet." in text(Client().get(card).content)


def test_says_who_is_held_out(issue: Callable[[str], str], db: None) -> None:
    with connection.cursor() as cursor:
        publish(cursor, [known("6", churn_probability=0.99, hold_out_draw=ALWAYS_HELD), known("7")])
    words = "Hold-out: do not call proactively."
    assert words in text(Client().get(issue("6")).content)
    assert words not in text(Client().get(issue("7")).content)


def test_tells_analysts_of_no_contact(token: NewToken, customers: list[Row], snapshot: Snapshot) -> None:
    User.objects.update(role=Role.ANALYST)
    contact("300001")
    pseudonym = str(customers[0]["pseudonym"])
    path = f"/card/{sign_card(pseudonym, token.token)}/"
    page = text(Client().get(path).content)
    assert f"Churn risk {pseudonym}" in page
    assert not [words for words in ("contact", "Hold-out", "We called") if words in page]


def test_only_known_customers_get_a_card(token: NewToken, snapshot: Snapshot) -> None:
    program = Client(headers={"Authorization": f"Bearer {token.text}"})
    response = program.post("/api/v1/customers/300999/card/")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "no_customer")
