"""Nothing that came with the logs runs in a page, a chart or a file: looked for in the markup of every address."""

import html
import json
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.webportal.attacks.payloads import MARK, SCRIPTS, TURNS, hostile_customers, spread
from tests.webportal.attacks.walking import places
from webportal.accounts.models import User
from webportal.common.headers import DASH_STARTER
from webportal.customers.models import Snapshot

SCRIPTED = ("href", "src", "action", "formaction", "xlink:href", "data", "srcdoc")


class Dangers(HTMLParser):
    """Collects what a browser would run of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name.lower(): value or "" for name, value in attrs}
        self.found += [f"{name}={value}" for name, value in attributes.items() if name.startswith("on")]
        self.found += [
            f"{name}={value}"
            for name, value in attributes.items()
            if name in SCRIPTED and value.strip().lower().startswith(("javascript:", "data:text", "vbscript:"))
        ]
        self._inside = tag if tag == "script" and "src" not in attributes else ""
        if tag == "script" and attributes.get("type") == "application/json":
            self._inside = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside and data.strip():
            self.found.append(data.strip())


def dangers(page: str) -> list[str]:
    reader = Dangers()
    reader.feed(page)
    return [each for each in reader.found if each != DASH_STARTER]


@pytest.mark.parametrize("script", [SCRIPTS[0], SCRIPTS[1], SCRIPTS[2], SCRIPTS[3], SCRIPTS[9], f"<p>{SCRIPTS[8]}</p>"])
def test_the_test_would_see_it(script: str) -> None:
    page = f"<p>{script}</p>"
    assert dangers(page) or "style=" in page
    assert dangers(f"<p>{html.escape(script)}</p>") == []


def test_no_customer_runs_anything_on_their_page(desk: Client, hostile_snapshot: Snapshot) -> None:
    for row in hostile_customers():
        page = desk.get(f"/customers/{row['customer_number']}/").content.decode()
        assert row["customer_number"] in page
        assert dangers(page) == []


def test_no_address_shows_a_payload_as_markup(
    browser_of: Callable[..., Client], administrator: User, hostile_snapshot: Snapshot
) -> None:
    browser = browser_of(administrator)
    pages = {place.path: browser.get(place.path) for place in places()}
    pages["/search/?q=9000"] = browser.get("/search/?q=9000")
    texts = {path: page.content.decode(errors="replace") for path, page in pages.items() if is_html(page)}
    assert "&lt;script&gt;" in texts["/search/?q=9000"]  # the payloads do reach a page
    assert len(texts) > 15
    assert {path: found for path, text in texts.items() if (found := dangers(text))} == {}


def is_html(response: object) -> bool:
    return str(response.headers.get("Content-Type", "")).startswith("text/html")  # type: ignore[attr-defined] # a response


@pytest.mark.parametrize("turn", TURNS)
def test_nothing_typed_comes_back_as_markup(
    browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot, turn: int
) -> None:
    browser = browser_of(administrator)
    asked = spread(("q", "next", "o", "after", "band", "e", "p", "_popup", "number", "whom"), SCRIPTS, turn)
    for place in places():
        for path in filter(None, [place.path, place.with_value(asked["q"])]):
            response = browser.get(path, asked)
            assert response.status_code < 500, path
            if is_html(response):
                found = dangers(response.content.decode(errors="replace"))
                assert [each for each in found if MARK in each] == [], path


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
