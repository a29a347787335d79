"""No other site can make a signed-in browser change anything."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.webportal.attacks.stored import stored
from tests.webportal.attacks.walking import paths
from webportal.accounts.models import User
from webportal.customers.models import Snapshot

UNSAFE = ("post", "put", "patch", "delete")
FORM = re.compile(r"<form\b(?P<attributes>[^>]*)>(?P<inside>.*?)</form>", re.DOTALL | re.IGNORECASE)
POSTED = re.compile(r"\bmethod\s*=\s*[\"']?post", re.IGNORECASE)

READS_ONLY = {"/charts/app/listening/_dash-update-component"}
"""Exempt by django-plotly-dash, whose script sends no token: it computes a figure, changes nothing, and no other site
can read its answer (Cross-Origin-Resource-Policy, no CORS)."""


def is_of_api(path: str) -> bool:
    return path.startswith("/api/")


@pytest.mark.parametrize("method", UNSAFE)
def test_every_unsafe_request_without_a_token_is_refused(
    browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot, method: str
) -> None:
    browser = browser_of(administrator, csrf=True)
    answers = {path: getattr(browser, method)(path).status_code for path in paths()}
    refused = {path for path, status in answers.items() if status == 403}
    assert {path: answers[path] for path in set(answers) - refused - READS_ONLY if not is_of_api(path)} == {}
    # the API takes no session: signed in or not, such a request is nobody's
    assert {answers[path] for path in answers if is_of_api(path)} <= {401, 403, 405}
    assert {"/login/", "/logout/", "/admin/accounts/user/add/"} <= refused


@pytest.mark.parametrize("group", ["everyone", "high", "no such group"])
@pytest.mark.parametrize("measure", ["both", "songs_per_day", "no such measure"])
def test_the_exempt_address_changes_nothing(
    browser_of: Callable[..., Client], agent: User, snapshot: Snapshot, group: str, measure: str
) -> None:
    browser = browser_of(agent, csrf=True)
    browser.get("/charts/app/listening/")  # django-plotly-dash notes an app when it is first asked for
    before = stored({"django_session"})
    body = {
        "output": "..listening-graph.figure...listening-group.options...listening-measure.options..",
        "outputs": [
            {"id": "listening-graph", "property": "figure"},
            {"id": "listening-group", "property": "options"},
            {"id": "listening-measure", "property": "options"},
        ],
        "inputs": [
            {"id": "listening-group", "property": "value", "value": group},
            {"id": "listening-measure", "property": "value", "value": measure},
        ],
        "changedPropIds": ["listening-group.value"],
    }
    response = browser.post(min(READS_ONLY), body, content_type="application/json")
    assert response.status_code == 200
    drawn = response.json()["response"]["listening-graph"]["figure"]["data"]
    assert bool(drawn) == (group != "no such group")
    assert stored({"django_session"}) == before
    assert "Access-Control-Allow-Origin" not in response.headers


def test_every_form_that_posts_carries_a_token(
    browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot
) -> None:
    forms = []
    for browser in (browser_of(administrator), browser_of()):
        for path in paths():
            page = browser.get(path).getvalue().decode(errors="replace")  # some answers are streamed
            forms += [(path, found["inside"]) for found in FORM.finditer(page) if POSTED.search(found["attributes"])]
    assert {"/", "/login/", "/admin/accounts/user/add/"} <= {path for path, _ in forms}
    assert [path for path, inside in forms if "csrfmiddlewaretoken" not in inside] == []


def test_a_token_of_another_browser_opens_nothing(browser_of: Callable[..., Client], agent: User) -> None:
    page = browser_of(agent).get("/search/").content.decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    victim = browser_of(agent, csrf=True)
    assert victim.post("/logout/", {"csrfmiddlewaretoken": token}).status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_another_origin_is_refused_even_with_the_token(
    browser_of: Callable[..., Client], agent: User, origin: str
) -> None:
    browser = browser_of(agent, csrf=True)
    token = re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', browser.get("/search/").content.decode())[0]
    refused = browser.post("/logout/", {"csrfmiddlewaretoken": token}, headers={"Origin": origin})
    assert refused.status_code == 403
    assert browser.post("/logout/", {"csrfmiddlewaretoken": token}).status_code == 302
