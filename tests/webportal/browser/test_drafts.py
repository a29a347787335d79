"""What is typed when a session ends, or a form expires, is back after the login, and never before somebody else."""

from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.webportal.browser import harness
from tests.webportal.browser.conftest import Portal

pytestmark = pytest.mark.browser

WORDS = "Customer says: price is too high, “wants” <the family plan>"
BACK = "What you had typed here is back."


@pytest.fixture
def page(browser: Browser, portal: Portal) -> Iterator[Page]:
    with browser.new_context(viewport=harness.DESKTOP) as context:
        page = context.new_page()
        harness.sign_in(page, portal.address, "agent", portal.passwords["agent"])
        yield page


def run(portal: Portal, sql: str) -> list[tuple[str, ...]]:
    with closing(psycopg2.connect(portal.database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def end_sessions(portal: Portal) -> None:
    run(portal, "delete from django_session")


def log_in(page: Page, portal: Portal, user: str = "agent") -> None:
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill(portal.passwords[user])
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def kept(page: Page) -> int:
    count: int = page.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('encore-draft:')).length")
    return count


def type_note(page: Page, portal: Portal, words: str = WORDS) -> None:
    page.goto(f"{portal.address}/customers/1/")
    page.get_by_text("Write a note").click()
    page.get_by_label("Note", exact=True).fill(words)


def test_a_note_survives_the_end_of_the_session_and_is_saved_once(portal: Portal, page: Page) -> None:
    run(portal, "delete from desk_note")
    type_note(page, portal)
    end_sessions(portal)
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("Your session had ended, so nothing was saved.")).to_be_visible()
    log_in(page, portal)
    assert page.url == f"{portal.address}/customers/1/"
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("Note", exact=True)).to_have_value(WORDS)
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("Note written.")).to_be_visible()
    assert run(portal, "select words from desk_note") == [(WORDS,)]
    assert kept(page) == 0
    page.goto(f"{portal.address}/customers/1/")
    expect(page.get_by_text(BACK)).to_have_count(0)


FORMS = {
    "contact": ("/customers/1/", "What was offered", "Kept"),
    "task": ("/customers/1/", "What to do", "Make the task"),
    "note": ("/customers/1/", "Note", "Save the note"),
    "saved filter": ("/customers/?band=high", "Name", "Save"),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_desk_has_its_words_again(portal: Portal, page: Page, form: str) -> None:
    path, label, button = FORMS[form]
    page.goto(f"{portal.address}{path}")
    for summary in page.locator("main details > summary").all():
        summary.click()
    field = page.locator("main form[method=post]").get_by_label(label, exact=True).first
    field.fill("words of mine")
    end_sessions(portal)
    field.locator("xpath=ancestor::form").get_by_role("button", name=button).first.click()
    log_in(page, portal)
    expect(page.locator("main form[method=post]").get_by_label(label, exact=True).first).to_have_value("words of mine")
    expect(page.get_by_text(BACK)).to_be_visible()
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_text(BACK)).to_have_count(0)
    assert kept(page) == 0


def test_claiming_after_the_end_of_the_session_leads_to_the_worklist(portal: Portal, page: Page) -> None:
    page.goto(f"{portal.address}/worklist/?show=mine")
    end_sessions(portal)
    page.get_by_role("button", name="Next customer").click()
    log_in(page, portal)
    assert page.url == f"{portal.address}/worklist/?show=mine"


def test_a_form_of_the_administration_has_its_words_again(portal: Portal, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        harness.sign_in(page, portal.address, "admin", portal.passwords["admin"])
        page.goto(f"{portal.address}/admin/accounts/team/add/")
        page.get_by_label("Name").fill("Third line")
        end_sessions(portal)
        page.get_by_role("button", name="Save", exact=True).click()
        log_in(page, portal, "admin")
        assert page.url == f"{portal.address}/admin/accounts/team/add/"
        expect(page.get_by_label("Name")).to_have_value("Third line")


def test_a_form_that_expired_has_its_words_again(portal: Portal, page: Page) -> None:
    type_note(page, portal)
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_role("heading", name="This form has expired")).to_be_visible()
    page.get_by_role("link", name="Back to the form").click()
    expect(page.get_by_label("Note", exact=True)).to_have_value(WORDS)
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("Note written.")).to_be_visible()


def test_an_answer_that_failed_on_its_way_leaves_the_words(portal: Portal, page: Page) -> None:
    type_note(page, portal)
    page.route("**/note/", lambda route: route.fulfill(status=500, body="<p>failed</p>", content_type="text/html"))
    page.get_by_role("button", name="Save the note").click()
    page.get_by_text("failed").wait_for()
    page.goto(f"{portal.address}/search/")
    page.goto(f"{portal.address}/customers/1/")
    expect(page.get_by_label("Note", exact=True)).to_have_value(WORDS)


def test_the_next_user_of_the_browser_never_sees_them(portal: Portal, page: Page) -> None:
    type_note(page, portal)
    end_sessions(portal)
    page.get_by_role("button", name="Save the note").click()
    log_in(page, portal, "admin")
    assert page.url == f"{portal.address}/customers/1/"
    page.get_by_text("Write a note").click()
    expect(page.get_by_label("Note", exact=True)).to_have_value("")
    expect(page.get_by_text(BACK)).to_have_count(0)
    assert kept(page) == 0


def test_logging_out_leaves_nothing_behind_in_any_tab(portal: Portal, page: Page) -> None:
    type_note(page, portal)
    other = page.context.new_page()
    type_note(other, portal, "words of the other tab")
    assert (kept(page), kept(other)) == (1, 1)
    other.get_by_role("button", name="Log out").click()
    other.wait_for_url("**/login/**")
    assert (kept(page), kept(other)) == (0, 0)
    assert WORDS not in page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")


def test_passwords_are_never_kept(portal: Portal, page: Page) -> None:
    page.goto(f"{portal.address}/account/password/")
    for field in page.locator("input[type=password]").all():
        field.fill("hush hush hush hush")
    assert "hush" not in page.evaluate("JSON.stringify({...sessionStorage})")


def test_without_scripts_the_login_leads_to_the_page_of_the_form(portal: Portal, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        harness.sign_in(page, portal.address, "agent", portal.passwords["agent"])
        page.goto(f"{portal.address}/customers/1/")
        end_sessions(portal)
        page.get_by_role("button", name="Claim this customer").click()
        expect(page.get_by_text("Your session had ended, so nothing was saved.")).to_be_visible()
        log_in(page, portal)
        assert page.url == f"{portal.address}/customers/1/"
