"""Nothing typed into an address or a form comes back as markup: each field by itself, with the rest as it should be."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from tests.webportal.attacks.markup import dangers, shows
from tests.webportal.attacks.payloads import MARK, SCRIPTS
from tests.webportal.attacks.walking import places
from webportal.accounts.models import User
from webportal.customers.models import Snapshot

NAMES = ("q", "next", "o", "e", "p", "_popup", "number", "name", "whom", "show")
NOTE = {"token": str(UUID(int=7))}

SHOWN = (
    ("/search/", {}, "q"),
    ("/customers/", {"level": "paid"}, "place"),
    ("/customers/", {"place": "Bozeman, MT"}, "level"),
    ("/customers/", {"place": "Bozeman, MT"}, "band"),
    ("/customers/", {"place": "Bozeman, MT"}, "seen"),
    ("/customers.csv", {"level": "paid"}, "place"),
    ("/admin/accounts/user/", {}, "q"),
    ("/admin/accounts/team/add/", {}, "name"),
    ("/admin/audit/auditevent/", {}, "whom"),
    ("/admin/privacy/erasedcustomer/person/", {}, "number"),
)
"""Addresses that show what was typed, what else is asked, and where it is typed."""

SILENT = (
    ("/alerts/", {}, "before"),
    ("/worklist/", {}, "show"),
    ("/customers/300001/", {}, "older"),
    ("/customers/", {"place": "Bozeman, MT"}, "after"),
    ("/search/", {"q": "Freeman"}, "next"),
)
"""Addresses that show nothing of it."""

WRITTEN = (
    ("/desk/300001/note/", NOTE, "words"),
    ("/admin/accounts/team/add/", {"name": "North"}, "name"),
)
"""Forms whose text is kept, and shown on the page that follows."""


@pytest.fixture
def browser(browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot) -> Client:
    return browser_of(administrator)


@pytest.mark.parametrize(("path", "rest", "name"), SHOWN, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_shown_is_shown_as_a_text(browser: Client, path: str, rest: dict[str, str], name: str) -> None:
    for script in SCRIPTS:
        response = browser.get(path, {**rest, name: script})
        page = response.getvalue().decode()
        assert response.status_code < 500
        assert shows(page, script), script
        assert [each for each in dangers(page) if MARK in each] == [], script


@pytest.mark.parametrize(("path", "rest", "name"), SILENT, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_not_shown_is_nowhere(browser: Client, path: str, rest: dict[str, str], name: str) -> None:
    for script in SCRIPTS:
        response = browser.get(path, {**rest, name: script})
        assert response.status_code < 500
        assert MARK not in response.getvalue().decode(), script


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(("path", "rest", "name"), WRITTEN, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_written_is_read_as_a_text(
    browser: Client, path: str, rest: dict[str, str], name: str, script: str
) -> None:
    page = browser.post(path, {**rest, name: script}, follow=True).content.decode()
    assert all(shows(page, line) for line in script.splitlines())  # a line end is a break of ours
    assert [each for each in dangers(page) if MARK in each] == []


def test_no_page_of_the_site_runs_what_was_typed(browser: Client) -> None:
    """Every page that there is, also those of tomorrow: each name by itself, and each part of a path."""
    tried = 0
    for place in places():
        asked: list[tuple[str, dict[str, str]]] = []
        if browser.get(place.path).headers.get("Content-Type", "").startswith("text/html"):
            asked = [(place.path, {name: SCRIPTS[turn]}) for turn, name in enumerate(NAMES)]
        asked += [(path, {}) for script in SCRIPTS[:3] if (path := place.with_value(script))]
        for path, parameters in asked:
            response = browser.get(path, parameters)
            assert response.status_code < 500, path
            if response.headers.get("Content-Type", "").startswith("text/html"):
                tried += 1
                found = dangers(response.getvalue().decode(errors="replace"))
                assert [each for each in found if MARK in each] == [], (path, parameters)
    assert tried > 500
