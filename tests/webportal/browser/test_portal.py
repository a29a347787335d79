"""An agent's way through the portal in Chromium, at desktop and phone width."""

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from tests.webportal.browser import harness
from tests.webportal.browser.conftest import Portal

pytestmark = pytest.mark.browser

POINTS = ".scatterlayer .point"


def chart(page: Page) -> FrameLocator:
    return page.frame_locator("iframe.chart")


def settle(page: Page) -> None:
    """Wait until the exploring chart is drawn and nothing is under way."""
    expect(chart(page).locator(POINTS).first).to_be_visible(timeout=20_000)
    page.wait_for_load_state("networkidle")


def test_before_the_first_publish_it_says_what_to_do(empty_portal: Portal, browser: Browser) -> None:
    with browser.new_context(viewport=harness.PHONE) as context:
        page = context.new_page()
        watch = harness.PageWatch.on(page, empty_portal.address)
        harness.sign_in(page, empty_portal.address, "agent", empty_portal.passwords["agent"])
        expect(page.get_by_role("heading", name="No scores yet")).to_be_visible()
        watch.assert_clean()


def test_from_the_login_to_a_customer(portal: Portal, window: BrowserContext) -> None:
    page = window.new_page()
    watch = harness.PageWatch.on(page, portal.address)
    page.goto(portal.address)
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert not harness.scrolls_sideways(page)

    harness.sign_in(page, portal.address, "agent", portal.passwords["agent"])
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    settle(page)
    assert chart(page).locator(POINTS).count() == 301
    assert not harness.scrolls_sideways(page)

    page.keyboard.press("/")
    page.keyboard.type(" 1 ")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{portal.address}/customers/1/")
    expect(page.get_by_role("heading", name="Colin Freeman")).to_be_visible()
    expect(page.locator("[data-probability]")).to_have_text("71.0 %")
    expect(page.get_by_role("img", name="Days listened: this customer 3, median")).to_be_visible()
    assert not harness.scrolls_sideways(page)
    watch.assert_clean()


def test_choosing_a_group_draws_that_group(portal: Portal, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(portal.address)
    settle(page)
    plotlys = {address for address in asked if "plotly" in address and address.endswith(".js")}
    assert plotlys == {f"{portal.address}/static/vendor/plotly/plotly-basic.min.js"}
    watch = harness.PageWatch.on(page, portal.address)
    chart(page).get_by_text("Cancelled", exact=True).first.click()
    expect(chart(page).locator(POINTS)).to_have_count(33)
    watch.assert_clean()


def test_an_unknown_number_leads_to_a_near_one(portal: Portal, page: Page) -> None:
    page.get_by_role("combobox", name="Customer number or name").fill("3001501")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="No customer has the number")).to_be_visible()
    assert not harness.scrolls_sideways(page)
    page.get_by_role("link", name="300150").click()
    expect(page).to_have_url(f"{portal.address}/customers/300150/")


@pytest.mark.parametrize(
    "path", ["/search/?q=30", "/customers/300005/", "/customers/%3Cscript%3E/", "/nothing", "/admin/"]
)
def test_no_page_is_wider_than_its_window(portal: Portal, page: Page, path: str) -> None:
    page.goto(f"{portal.address}{path}")
    assert not harness.scrolls_sideways(page)


def test_dark_is_kept_and_reaches_the_chart(portal: Portal, page: Page) -> None:
    page.goto(portal.address)
    settle(page)
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(chart(page).locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_keyboard_alone_reaches_the_content_first(portal: Portal, page: Page) -> None:
    page.goto(f"{portal.address}/customers/1/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_portal_says_so_when_its_database_is_gone(portal: Portal, browser: Browser) -> None:
    elsewhere = harness.portal_environment("postgresql://encore:hush@127.0.0.1:1/encore")
    with harness.serving(elsewhere) as address, browser.new_context() as context:
        page = context.new_page()
        context.add_cookies([{"name": "sessionid", "value": "x" * 32, "url": address}])
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 503
        expect(page.get_by_role("heading", name="Back in a moment")).to_be_visible()
        assert "hush" not in page.content()
