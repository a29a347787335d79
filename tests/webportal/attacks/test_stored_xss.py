"""Nothing that came with the logs runs in a page, a chart or a file: looked for in the markup of every address."""

import html
import json
from collections.abc import Callable

import pytest
from django.test import Client

from tests.webportal.attacks.markup import dangers, shows
from tests.webportal.attacks.payloads import MARK, SCRIPTS, TEXT_FIELDS, hostile_customers
from tests.webportal.attacks.walking import places
from webportal.accounts.models import User
from webportal.customers.models import Snapshot

SHOWN = {"first_name": True, "last_name": True, "location": True, "level": True, "gender": False}
"""Whether the page of a customer shows it."""

SEARCH = "/search/?q=9000"


@pytest.mark.parametrize("script", [SCRIPTS[0], SCRIPTS[1], SCRIPTS[2], SCRIPTS[3], SCRIPTS[9], f"<p>{SCRIPTS[8]}</p>"])
def test_the_test_would_see_it(script: str) -> None:
    page = f"<p>{script}</p>"
    assert dangers(page) or "style=" in page
    assert dangers(f"<p>{html.escape(script)}</p>") == []


def test_no_customer_runs_anything_on_their_page(desk: Client, hostile_snapshot: Snapshot) -> None:
    """Each payload by itself, in one text of one customer: it reaches the page as a text, or not at all."""
    tried = set()
    for row in hostile_customers():
        page = desk.get(f"/customers/{row['customer_number']}/").content.decode()
        assert row["customer_number"] in page
        assert dangers(page) == []
        hostile = [field for field in TEXT_FIELDS if row[field] in SCRIPTS]
        for field in hostile if len(hostile) == 1 else ():  # the last customer has a payload everywhere
            tried.add((field, row[field]))
            assert shows(page, row[field]) is SHOWN[field], (field, row[field])
    assert len(tried) == len(TEXT_FIELDS) * len(SCRIPTS)


def test_no_address_shows_a_payload_as_markup(
    browser_of: Callable[..., Client], administrator: User, hostile_snapshot: Snapshot
) -> None:
    browser = browser_of(administrator)
    pages = {place.path: browser.get(place.path) for place in places()}
    pages[SEARCH] = browser.get(SEARCH)
    texts = {path: page.content.decode(errors="replace") for path, page in pages.items() if is_html(page)}
    reached = {path for path, text in texts.items() if MARK in text}
    assert reached == {"/", "/customers/", "/worklist/", "/alerts/watches/", "/admin/accounts/team/add/", SEARCH}
    assert {path: found for path, text in texts.items() if (found := dangers(text))} == {}


def is_html(response: object) -> bool:
    return str(response.headers.get("Content-Type", "")).startswith("text/html")  # type: ignore[attr-defined] # a response


def test_the_api_tells_names_as_they_are_and_as_json_alone(
    program: Client, hostile_snapshot: Snapshot, unlimited: None
) -> None:
    after, names = None, set()
    while True:
        response = program.get("/api/v1/customers/", {"limit": 200} | ({"after": after} if after else {}))
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        body = json.loads(response.content)
        names |= {customer["first_name"] for customer in body["customers"]}
        after = body["next"]
        if after is None:
            break
    assert set(SCRIPTS) <= names
