"""The same in Chromium, which is the judge: names, places and all the rest, on every page that shows them."""

from contextlib import closing

import psycopg2
import pytest
from playwright.sync_api import BrowserContext, Page

from tests.webportal.attacks.payloads import MARK, SCRIPTS, hostile_customers
from tests.webportal.browser import harness
from tests.webportal.browser.conftest import Portal, browser, empty_portal  # noqa: F401 - fixtures
from tests.webportal.publishing import publish

pytestmark = pytest.mark.browser

PAGES = ("/", "/search/?q=9000", "/search/?q=nobody", "/customers/nobody/", "/nothing", "/api/v1/docs/")


@pytest.fixture(scope="module")
def hostile_portal(empty_portal: Portal) -> Portal:  # noqa: F811 - the fixture
    with closing(psycopg2.connect(empty_portal.database_url)) as connection, connection, connection.cursor() as cursor:
        publish(cursor, hostile_customers())
    return empty_portal


@pytest.fixture
def page(browser: BrowserContext, hostile_portal: Portal) -> Page:  # noqa: F811 - the fixture
    page = browser.new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    harness.sign_in(page, hostile_portal.address, "agent", hostile_portal.passwords["agent"])
    return page


def ran(page: Page) -> bool:
    """Tell whether a payload ran in the page or in a frame of it."""
    return any(frame.evaluate(f"window.{MARK} !== undefined") for frame in page.frames)


def test_chromium_would_run_the_payloads(page: Page) -> None:
    page.goto("about:blank")
    for script in (SCRIPTS[0], SCRIPTS[1], SCRIPTS[2], SCRIPTS[3], SCRIPTS[9]):
        page.goto("about:blank")
        page.set_content(f'<p title="{script}">{script}</p>')
        page.wait_for_timeout(100)
        assert ran(page), script


def test_no_payload_runs_on_any_page(page: Page, hostile_portal: Portal) -> None:
    numbers = [row["customer_number"] for row in hostile_customers()]
    for path in (*PAGES, *(f"/customers/{number}/" for number in numbers[:: len(SCRIPTS) // 3])):
        page.goto(hostile_portal.address + path, wait_until="load")
        assert not ran(page), path
    page.goto(f"{hostile_portal.address}/customers/{numbers[-1]}/", wait_until="networkidle")
    page.mouse.move(200, 200)
    assert not ran(page)


def test_nothing_typed_runs(page: Page, hostile_portal: Portal) -> None:
    for script in SCRIPTS:
        page.goto(hostile_portal.address)
        box = page.locator("#search")
        box.fill(script)
        box.press("Enter")
        page.wait_for_load_state()
        assert not ran(page), script


def test_a_script_that_got_into_a_page_would_still_be_stopped(page: Page, hostile_portal: Portal) -> None:
    """The second wall: whatever markup a mistake of ours lets through, the policy keeps from running."""
    page.goto(f"{hostile_portal.address}/search/")
    for script in (SCRIPTS[1], SCRIPTS[2]):
        page.evaluate("text => { document.getElementById('main').innerHTML = text }", script)
    page.evaluate(
        f"const s = document.createElement('script'); s.textContent = 'window.{MARK}=1'; document.body.append(s)"
    )
    page.wait_for_timeout(200)
    assert not ran(page)
