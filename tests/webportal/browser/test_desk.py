"""From the login to an outcome and the next customer without a mouse, with and without scripts."""

from contextlib import closing

import psycopg2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.webportal.browser import harness
from tests.webportal.browser.conftest import Portal

pytestmark = pytest.mark.browser


def outcomes(portal: Portal) -> list[tuple[str, str, str]]:
    with closing(psycopg2.connect(portal.database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("select customer_number, outcome, channel from desk_contact order by id")
        return [(number, outcome, channel) for number, outcome, channel in cursor.fetchall()]


def forget(portal: Portal) -> None:
    with closing(psycopg2.connect(portal.database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("delete from desk_task")
        cursor.execute("delete from desk_contact")
        cursor.execute(
            "insert into accounts_desksettings (singleton, second_factor_roles, hold_out_percent, invitation_hours,"
            " keep_audit_days, keep_invitation_days, rest_days, fatigue_days, fatigue_contacts, worth_paid, worth_free,"
            " worths, keep_work_days, export_roles, exports_a_day)"
            " values (1, '{}', 0, 72, 730, 30, 14, 14, 1, 1.0, 0.2, '{}', 1095, '{}', 5)"
            " on conflict (singleton) do nothing"
        )
        # a list by other rules: no worker's mark says any more where the one before began
        cursor.execute("update accounts_desksettings set rest_days = rest_days + 1")


def type_login(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.address}/login/")
    page.get_by_label("User name").focus()
    page.keyboard.type("agent")
    page.keyboard.press("Tab")
    page.keyboard.type(portal.passwords["agent"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def test_keys_alone_lead_from_the_login_to_an_outcome_and_on(portal: Portal, window: BrowserContext) -> None:
    forget(portal)
    page = window.new_page()
    watch = harness.PageWatch.on(page, portal.address)
    type_login(page, portal)
    page.keyboard.press("w")
    page.wait_for_url(f"{portal.address}/worklist/")
    assert not harness.scrolls_sideways(page)
    page.keyboard.press("x")
    expect(page.get_by_role("button", name="Next customer")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{portal.address}/customers/1/#desk")
    assert not harness.scrolls_sideways(page)
    page.keyboard.press("o")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recorded: Will leave.")).to_be_visible()
    expect(page.get_by_text("In contact today: We called, agent.")).to_be_visible()
    assert outcomes(portal) == [("1", "will leave", "we called")]
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/customers/" in url and "/customers/1/" not in url)
    watch.assert_clean()


def test_letters_that_are_typed_stay_letters_and_enter_sends_nothing(portal: Portal, page: Page) -> None:
    forget(portal)
    page.goto(f"{portal.address}/customers/1/")
    page.keyboard.press("n")
    expect(page.get_by_label("Note", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("What was offered").focus()
    page.keyboard.type("now 2 for 1")
    page.keyboard.press("Enter")
    expect(page.get_by_label("What was offered")).to_have_value("now 2 for 1")
    assert outcomes(portal) == []


def place_and_focus(page: Page) -> tuple[str, str]:
    """Return the page's address, and what has the focus there."""
    focused: str = page.evaluate("document.activeElement.id || document.activeElement.tagName")
    return page.url, focused


def press_each(page: Page, keys: str) -> set[tuple[str, str]]:
    """Press keys one by one; return all places they led to."""
    found = set()
    for key in keys:
        page.keyboard.press(key)
        found.add(place_and_focus(page))
    return found


def test_single_keys_do_nothing_once_they_are_off_and_lead_again_once_they_are_on(portal: Portal, page: Page) -> None:
    forget(portal)
    page.goto(f"{portal.address}/customers/1/")
    expect(page.get_by_role("link", name="Worklist")).to_have_attribute("aria-keyshortcuts", "w")
    page.get_by_role("link", name="Switch them off").press("Enter")
    page.wait_for_url(f"{portal.address}/account/#keys")
    page.get_by_role("button", name="Switch single keys off").press("Enter")
    expect(page.get_by_text("Single keys are off.")).to_be_visible()
    page.goto(f"{portal.address}/customers/1/")
    expect(page.locator("[aria-keyshortcuts]")).to_have_count(0)
    expect(page.locator("kbd:visible")).to_have_count(0)
    assert press_each(page, "/ontxw") == {(f"{portal.address}/customers/1/", "BODY")}
    page.get_by_role("button", name="Kept").focus()
    assert len(press_each(page, "12345/ow")) == 1
    assert outcomes(portal) == []
    page.get_by_role("link", name="Switch them on").press("Enter")
    page.get_by_role("button", name="Switch single keys on").press("Enter")
    expect(page.get_by_text("Single keys are on.")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.goto(f"{portal.address}/customers/1/")
    page.keyboard.press("o")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recorded: Kept.")).to_be_visible()
    assert outcomes(portal) == [("1", "kept", "they called")]


def test_a_note_is_edited_and_withdrawn_with_the_keyboard_alone(portal: Portal, page: Page) -> None:
    page.goto(f"{portal.address}/customers/1/")
    page.keyboard.press("n")
    page.keyboard.type("prefers mail")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Note written.")).to_be_visible()
    page.get_by_role("link", name="Edit or withdraw the note").press("Enter")
    page.get_by_label("Note").press("End")
    page.keyboard.type(", not calls")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("prefers mail, not calls")).to_be_visible()
    expect(page.get_by_text("· edited")).to_be_visible()
    page.get_by_role("link", name="Edit or withdraw the note").press("Enter")
    assert not harness.scrolls_sideways(page)
    page.get_by_role("button", name="Withdraw the note").press("Enter")
    expect(page.get_by_text("Note withdrawn.")).to_be_visible()
    expect(page.get_by_text("prefers mail")).to_have_count(0)


def test_forms_work_without_scripts(portal: Portal, browser: Browser) -> None:
    forget(portal)
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        harness.sign_in(page, portal.address, "agent", portal.passwords["agent"])
        page.goto(f"{portal.address}/customers/1/")
        page.get_by_role("button", name="Not reached").press("Enter")
        page.wait_for_url(f"{portal.address}/customers/1/#desk")
        assert outcomes(portal) == [("1", "not reached", "they called")]


@pytest.mark.parametrize("path", ["/worklist/", "/worklist/?show=mine", "/customers/1/"])
def test_pages_of_the_desk_fit_their_window(portal: Portal, page: Page, path: str) -> None:
    page.goto(f"{portal.address}{path}")
    assert not harness.scrolls_sideways(page)
