"""No parameter reaches the database as anything but a value."""

import time
from collections.abc import Callable

import pytest
from django.test import Client

from tests.webportal.attacks.conftest import published_rows
from tests.webportal.attacks.payloads import SQL, TURNS, spread
from tests.webportal.attacks.walking import places
from webportal.accounts.models import User
from webportal.customers.models import Snapshot

PARAMETERS = (
    "q",
    "o",
    "ot",
    "p",
    "e",
    "all",
    "order",
    "after",
    "band",
    "level",
    "limit",
    "number_prefix",
    "place",
    "risen",
    "last_seen_from",
    "number",
    "id",
    "username__exact",
)
LITERAL = ("q", "place", "number_prefix")
"""Parameters that may hold any text."""
SLEEP_SECONDS = 3
"""What the sleeping payloads would take."""


@pytest.mark.parametrize("turn", TURNS)
def test_no_address_fails_or_waits(
    browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot, turn: int
) -> None:
    browser, before = browser_of(administrator), published_rows()
    asked = spread(PARAMETERS, SQL, turn)
    for place in places():
        for path in filter(None, [place.path, place.with_value(asked["q"])]):
            started = time.monotonic()
            response = browser.get(path, asked)
            assert response.status_code < 500, path
            assert time.monotonic() - started < SLEEP_SECONDS, path
    assert published_rows() == before


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("payload", SQL)
def test_the_api_refuses_or_takes_it_literally(
    program: Client, snapshot: Snapshot, unlimited: None, name: str, payload: str
) -> None:
    response = program.get("/api/v1/customers/", {name: payload})
    assert response.status_code == 400 or (name in LITERAL and response.json()["customers"] == [])


@pytest.mark.parametrize("payload", SQL)
def test_a_search_takes_it_literally(desk: Client, snapshot: Snapshot, payload: str) -> None:
    # a sign that may part a number for reading may also be left away: what then begins a number, begins none of these
    assert desk.get("/search/", {"q": f"3{payload}1"}).status_code == 404


@pytest.mark.parametrize("payload", SQL)
def test_nobody_signs_in_by_sql(client: Client, agent: User, payload: str) -> None:
    for username, password in ((payload, "x"), (f"agent{payload}", "x"), ("agent", payload)):
        response = client.post("/login/", {"login": username, "password": password})
        assert response.status_code == 200
        assert "_auth_user_id" not in client.session


def test_the_chart_takes_its_choice_literally(desk: Client, snapshot: Snapshot) -> None:
    for payload in SQL:
        body = {
            "output": "..listening-graph.figure...listening-group.options...listening-measure.options..",
            "outputs": [
                {"id": "listening-graph", "property": "figure"},
                {"id": "listening-group", "property": "options"},
                {"id": "listening-measure", "property": "options"},
            ],
            "inputs": [
                {"id": "listening-group", "property": "value", "value": payload},
                {"id": "listening-measure", "property": "value", "value": payload},
            ],
            "changedPropIds": ["listening-group.value"],
        }
        response = desk.post("/charts/app/listening/_dash-update-component", body, content_type="application/json")
        assert response.status_code == 200
        assert response.json()["response"]["listening-graph"]["figure"]["data"] == []
