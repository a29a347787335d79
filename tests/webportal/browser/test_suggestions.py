"""The suggestions below the search box, in Chromium: by keyboard, by pointer, and with answers that come too late."""

from collections.abc import Iterator
from threading import Event

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.webportal.browser import harness
from tests.webportal.browser.conftest import Portal

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def signed_in(portal: Portal, browser: Browser) -> Iterator[Page]:
    """One page for all: each test begins by going somewhere anew."""
    with browser.new_context(viewport=harness.DESKTOP) as context:
        page = context.new_page()
        harness.sign_in(page, portal.address, "agent", portal.passwords["agent"])
        yield page


@pytest.fixture
def box(signed_in: Page, portal: Portal) -> Iterator[Locator]:
    signed_in.goto(f"{portal.address}/account/")
    signed_in.keyboard.press("/")
    box = signed_in.get_by_role("combobox")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "false")
    yield box
    signed_in.unroute_all(behavior="wait")


def options(box: Locator) -> Locator:
    return box.page.get_by_role("listbox").get_by_role("option")


def test_typing_shows_matches_and_what_they_are(box: Locator) -> None:
    box.press_sequentially("colin free")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(options(box).first).to_contain_text("Colin Freeman")
    expect(options(box)).to_have_count(8)
    expect(box.page.get_by_text("There are more. Type on to narrow them down.").first).to_be_visible()


def test_arrows_go_round_and_enter_opens_the_chosen(box: Locator) -> None:
    box.press_sequentially("colin")
    expect(options(box)).to_have_count(8)
    box.press("ArrowUp")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-7")
    box.press("ArrowDown")
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-1")
    expect(options(box).nth(1)).to_have_attribute("aria-selected", "true")
    expect(options(box).nth(0)).to_have_attribute("aria-selected", "false")
    number = options(box).nth(1).locator(".customer-number").inner_text()
    box.press("Enter")
    box.page.wait_for_url(f"**/customers/{number}/")


def test_escape_closes_and_keeps_the_text(box: Locator) -> None:
    box.press_sequentially("colin")
    expect(options(box)).to_have_count(8)
    box.press("Escape")
    expect(box.page.locator("#suggestions")).to_be_hidden()
    expect(box).to_have_value("colin")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_enter_opens_the_only_match(box: Locator) -> None:
    number = _one_number(box)
    box.fill("")
    box.press_sequentially(number)
    expect(options(box)).to_have_count(1)
    box.press("Enter")
    box.page.wait_for_url(f"**/customers/{number}/")


def test_a_click_opens_it(box: Locator) -> None:
    number = _one_number(box)
    options(box).first.click()
    box.page.wait_for_url(f"**/customers/{number}/")


def test_nobody_is_said_and_announced(box: Locator) -> None:
    box.press_sequentially("qqqq")
    expect(box.page.locator("#suggestions")).to_contain_text("No customer matches.")
    expect(box.page.locator("#suggestions-note")).to_contain_text("No customer matches.")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_an_answer_that_comes_late_does_not_replace_a_newer(box: Locator) -> None:
    held: list[Route] = []
    box.page.route("**/search/suggest/?q=colin", lambda route: held.append(route))
    with box.page.expect_request("**/search/suggest/?q=colin"):
        box.press_sequentially("colin")
    box.press_sequentially(" zzzz")
    expect(box.page.locator("#suggestions")).to_contain_text("No customer matches.")
    held[0].continue_()
    box.page.wait_for_load_state("networkidle")
    expect(box.page.locator("#suggestions")).to_contain_text("No customer matches.")
    expect(options(box)).to_have_count(0)


def test_an_answer_that_fails_leaves_the_form(box: Locator, portal: Portal) -> None:
    failed = Event()
    box.page.route("**/search/suggest/**", lambda route: (route.abort(), failed.set()))
    box.press_sequentially("colin freeman")
    box.page.wait_for_timeout(300)
    assert failed.is_set()
    box.press("Enter")
    box.page.wait_for_url(f"{portal.address}/search/?q=colin+freeman")
    expect(box.page.get_by_role("heading", level=1)).to_be_visible()


def _one_number(box: Locator) -> str:
    box.press_sequentially("colin")
    expect(options(box)).to_have_count(8)
    return options(box).first.locator(".customer-number").inner_text()
