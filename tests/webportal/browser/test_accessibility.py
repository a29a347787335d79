"""axe-core finds nothing serious on any page of the site, in light and dark, on a desk and on a phone.

The pages are those that the access table lets anybody see, so that a new one is looked at from the day it has its row;
beside them pages that need a state of their own, and those that say what went wrong.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal
from urllib.parse import urlsplit

import psycopg2
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize

from tests.webportal.access_table import TABLE
from tests.webportal.attacks.walking import places
from tests.webportal.browser import harness
from tests.webportal.browser.conftest import Portal
from tests.webportal.publishing import customer, publish, synthetic_customers
from tests.webportal.test_access import parse

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]
GRAVE = ("serious", "critical")
WINDOWS: dict[str, ViewportSize] = {"desktop": harness.DESKTOP, "phone": harness.PHONE}
ANONYMOUS, ADMINISTRATOR = 0, 4
"""Places of visitors in a row of the access table."""

STATES = (
    "/customers/1/",
    "/desk/notes/1/",
    "/search/?q=30",
    "/search/?q=3001501",
    "/pop/?number=7",
    "/admin/accounts/user/1/change/",
)
"""Pages whose address alone, as the table has it, does not show all that they can show."""

TEMPLATES = (
    *("/", "/customers/", "/customers/1/", "/search/?q=30", "/desk/", "/alerts/", "/alerts/watches/", "/model/"),
    *("/account/", "/api/v1/docs/", "/admin/accounts/user/"),
)
"""Pages of eleven templates, with the card's the twelfth; all pages stand in one window."""

WRONG = ("/search/?q=%00", "/nothing", "/customers/%3Cscript%3E/")
BARE = ("400.html", "403_csrf.html", "413.html", "500.html", "503.html")
"""Pages that are rendered without a request, whatever went wrong."""


def pages_of(who: int) -> list[str]:
    """Return the addresses at which the access table lets a visitor see something."""
    expected = parse(TABLE)
    by_route = {place.route.removeprefix("/").replace("^", "").replace("$", ""): place.path for place in places()}
    seen = {route for route, outcomes in expected.items() if outcomes["get"][who] == "200"}
    return sorted(by_route[route] for route in seen & set(by_route))


def test_the_table_leads_to_the_pages() -> None:
    assert {"/", "/search/", "/alerts/", "/alerts/watches/", "/account/", "/admin/", "/api/v1/docs/"} <= set(
        pages_of(ADMINISTRATOR)
    )
    assert {"/login/", "/password/"} <= set(pages_of(ANONYMOUS))


@dataclass(frozen=True)
class Site:
    """A portal with something on every page: its address, the administrator's password, and a card's path."""

    address: str
    password: str
    card: str


@pytest.fixture(scope="module")
def site(empty_portal: Portal, browser: Browser) -> Site:
    """Two snapshots; the administrator watches the customer 1, who fell between them, spoke with them and wrote a note.

    A program issued a card of the same customer.
    """
    password = empty_portal.passwords["admin"]
    _publish(empty_portal.database_url, 0.71)
    with browser.new_context() as context:
        page = context.new_page()
        harness.sign_in(page, empty_portal.address, "admin", password)
        page.goto(f"{empty_portal.address}/customers/1/")
        page.get_by_role("button", name="Watch").click()
        page.wait_for_load_state()
        page.get_by_text("Write a note").click()
        page.get_by_label("Note", exact=True).fill("prefers mail")
        page.get_by_role("button", name="Save the note").click()
        page.get_by_role("button", name="Kept").click()
        page.get_by_text("Recorded: Kept.").wait_for()
        _publish(empty_portal.database_url, 0.05)
        harness.manage(harness.portal_environment(empty_portal.database_url), "follow_snapshots", "--once")
        answer = page.request.post(
            f"{empty_portal.address}/api/v1/customers/1/card/",
            headers={"Authorization": f"Bearer {_token(empty_portal.database_url)}"},
        )
        return Site(empty_portal.address, password, urlsplit(answer.json()["url"]).path)


def _publish(database_url: str, probability: float) -> None:
    rows = [*synthetic_customers(), customer("1", churn_probability=probability), customer("7"), customer("007")]
    with closing(psycopg2.connect(database_url)) as connection, connection, connection.cursor() as cursor:
        publish(cursor, rows)


def _token(database_url: str) -> str:
    """Put a token of the administrator's into the table, and return it."""
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    with closing(psycopg2.connect(database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into api_apitoken (owner_id, name, prefix, digest, created_at, expires_at) "
            "select id, 'CRM', %s, %s, %s, %s from accounts_user where username = 'admin'",
            [prefix, sha256(secret.encode()).hexdigest(), now, now + timedelta(days=1)],
        )
    return f"encore_{prefix}_{secret}"


@contextmanager
def window(browser: Browser, name: str, scheme: Scheme) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=WINDOWS[name], color_scheme=scheme)
    yield context
    context.close()


ALL_WINDOWS: list[tuple[str, Scheme]] = [(name, scheme) for name in WINDOWS for scheme in ("light", "dark")]


@pytest.fixture(
    params=[
        pytest.param(
            each, marks=pytest.mark.slow("every page in every window: twelve templates stand for them") if n else ()
        )
        for n, each in enumerate(ALL_WINDOWS)
    ],
    ids="-".join,
)
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A window of each size in each colour scheme."""
    with window(browser, *request.param) as context:
        yield context


@pytest.fixture(params=ALL_WINDOWS[1:], ids="-".join)
def other_window(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A window of each size and scheme but the first."""
    with window(browser, *request.param) as context:
        yield context


def grave_findings(page: Page) -> list[str]:
    """Return what axe finds serious or critical on the page as it is now."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['html'][:120]} {node['failureSummary'][:200]}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"][:3]
    ]


def look_at(page: Page, site: Site, paths: list[str]) -> int:
    """Fail with all that is wrong on the pages of `paths`; return how many there were, others are passed over."""
    wrong: list[str] = []
    looked = 0
    for path in paths:
        answer = page.goto(f"{site.address}{path}", wait_until="networkidle")
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        looked += 1
        wrong += [f"{path}: {finding}" for finding in grave_findings(page)]
        if harness.scrolls_sideways(page) and not path.startswith("/admin/"):  # Django's own tables scroll
            wrong.append(f"{path}: wider than its window")
    if wrong:
        pytest.fail("\n".join(wrong))  # whole: an assertion would show the first lines
    return looked


def test_what_anybody_may_see(site: Site, visitor: BrowserContext) -> None:
    assert look_at(visitor.new_page(), site, [*pages_of(ANONYMOUS), site.card, "/card/invented/"]) >= 7


def test_what_an_administrator_may_see(site: Site, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    harness.sign_in(page, site.address, "admin", site.password)
    assert look_at(page, site, [*pages_of(ADMINISTRATOR), *STATES, *WRONG, "/admin/login/"]) >= 30


def test_twelve_templates_in_the_other_windows(site: Site, other_window: BrowserContext) -> None:
    page = other_window.new_page()
    harness.sign_in(page, site.address, "admin", site.password)
    assert look_at(page, site, [*TEMPLATES, site.card]) == len(TEMPLATES) + 1


def answering(body: str) -> Callable[[Route], None]:
    """Return what answers a request with a page as the portal would after a failure of its own."""
    return lambda route: route.fulfill(body=body, status=500, content_type="text/html; charset=utf-8")


def test_what_says_that_something_failed(site: Site, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    wrong: list[str] = []
    for template in BARE:
        address = f"{site.address}/{template}"
        page.route(address, answering(render_to_string(template)))
        page.goto(address)
        assert page.locator("h1").count() == 1
        wrong += grave_findings(page)
    assert wrong == []
