"""No parameter reaches the database as anything but a value."""

import time
from collections.abc import Callable
from itertools import cycle

import pytest
from django.test import Client

from tests.webportal.attacks.payloads import SQL
from tests.webportal.attacks.stored import stored
from tests.webportal.attacks.walking import ENDS_THE_SESSION, places
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
LITERAL = ("q", "level", "place", "number_prefix")
"""Parameters that may hold any text."""
SLEEP_SECONDS = 3
"""What the sleeping payloads would take."""


def quickest(browser: Client, path: str, parameters: dict[str, str]) -> float:
    """Return the seconds of an answer, of up to three: a sleep is slow each time, a busy machine is not."""
    seconds: list[float] = []
    while len(seconds) < 3 and min(seconds, default=SLEEP_SECONDS) >= SLEEP_SECONDS:
        started = time.monotonic()
        assert browser.get(path, parameters).status_code < 500, (path, parameters)
        seconds.append(time.monotonic() - started)
    return min(seconds)


def test_no_address_fails_or_waits(
    browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot, unlimited: None
) -> None:
    """Each name by itself on each page, each payload in each part of a path; nothing is changed by any."""
    browser, before, tried = browser_of(administrator), stored(), 0
    payloads = cycle(SQL)
    for place in places():
        if place.path in ENDS_THE_SESSION:
            continue
        asked: list[tuple[str, dict[str, str]]] = []
        if browser.get(place.path).status_code == 200:
            asked = [(place.path, {name: next(payloads)}) for name in PARAMETERS]
        asked += [(path, {}) for payload in SQL if (path := place.with_value(payload))]
        for path, parameters in asked:
            assert quickest(browser, path, parameters) < SLEEP_SECONDS, (path, parameters)
            tried += 1
    assert tried > 1_000
    assert stored() == before


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
    # from elsewhere, since three failures may be all that this address has
    right = Client(REMOTE_ADDR="203.0.113.8")
    assert right.post("/login/", {"login": "agent", "password": "correct horse"}).status_code == 302
    assert right.session["_auth_user_id"] == str(agent.pk)


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
