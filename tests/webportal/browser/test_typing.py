"""Words typed beside a field change nothing, whatever page is open and whatever key came before.

The pages are those that the access table lets an agent see, and those with an entry and a note of the agent's own.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.webportal.access_table import TABLE
from tests.webportal.attacks.walking import places
from tests.webportal.browser import harness
from tests.webportal.browser.conftest import Portal
from tests.webportal.test_access import parse

pytestmark = pytest.mark.browser

AGENT = 1
LEAVE_SECONDS = 30
INTERRUPTED = ("interrupted by another navigation", "ERR_ABORTED")
SENTENCES = ("Customer says price is too high\n", "wants the family plan ")
HOSTILE = ("o2 or 1x5, x \n", " fix\n", "ox\n")
"""Words that hold shortcuts, digits and blanks where they would do harm; typed where there is something to harm."""
SHORTCUTS = ("", "/", "w", "o", "n", "t", "x")
TABLES = ("desk_contact", "desk_note", "desk_task", "alerts_watch", "filters_savedfilter")
OWN = ("/customers/1/", "/desk/contacts/{contact}/", "/desk/notes/{note}/", "/worklist/?show=mine", "/nothing")
UNSTYLED = ("/admin/", "/api/", "/charts/", "/healthz", "/readyz", "/customers.csv", "/search/suggest/", "/places/")
"""Pages and answers without the portal's frame, which alone has keys."""


def rows(portal: Portal) -> dict[str, list[Any]]:
    with closing(psycopg2.connect(portal.database_url)) as connection, connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"select t::text from {table} t order by 1")  # noqa: S608 - our own names
            found[table] = cursor.fetchall()
        cursor.execute("select username, single_keys from accounts_user order by 1")
        return {**found, "users": cursor.fetchall()}


def newest(portal: Portal, table: str) -> int:
    with closing(psycopg2.connect(portal.database_url)) as connection, connection.cursor() as cursor:
        cursor.execute(f"select max(id) from {table}")  # noqa: S608 - our own names
        return int(cursor.fetchone()[0])  # type: ignore[index] # there is a row


def agents_pages() -> list[str]:
    expected = parse(TABLE)
    routes = {place.route.removeprefix("/").replace("^", "").replace("$", ""): place.path for place in places()}
    seen = {route for route, outcomes in expected.items() if outcomes["get"][AGENT] == "200"}
    return sorted(routes[each] for each in seen & set(routes) if not routes[each].startswith(UNSTYLED))


def own_pages(portal: Portal) -> list[str]:
    own = {"contact": newest(portal, "desk_contact"), "note": newest(portal, "desk_note")}
    return [path.format(**own) for path in OWN]


@pytest.fixture(scope="module")
def page(browser: Browser, portal: Portal) -> Iterator[Page]:
    """A page of the agent's, who has recorded a contact and written a note."""
    with browser.new_context(viewport=harness.DESKTOP) as context:
        page = context.new_page()
        harness.sign_in(page, portal.address, "agent", portal.passwords["agent"])
        page.goto(f"{portal.address}/customers/1/")
        page.get_by_text("Write a note").click()
        page.get_by_label("Note", exact=True).fill("prefers mail")
        page.get_by_role("button", name="Save the note").click()
        page.get_by_role("button", name="Kept").click()
        page.get_by_text("Recorded: Kept.").wait_for()
        yield page


def test_the_walk_reaches_the_pages_that_have_keys() -> None:
    assert {"/", "/customers/", "/customers/300001/", "/worklist/", "/model/", "/account/"} <= set(agents_pages())


def leave_for(page: Page, address: str) -> None:
    """Open an address, also while a page that the last words led to is still on its way."""
    until = time.monotonic() + LEAVE_SECONDS
    while True:
        try:
            page.goto(address)
        except Error as error:
            if time.monotonic() > until or not any(words in error.message for words in INTERRUPTED):
                raise
            page.wait_for_timeout(200)
        else:
            return


def type_on(page: Page, portal: Portal, paths: Sequence[str], keys: str) -> None:
    """Type on each page and compare the database; once more at the end, for what came late."""
    before = rows(portal)
    for path in paths:
        leave_for(page, f"{portal.address}{path}")
        page.keyboard.type(keys)
        page.wait_for_load_state()
        assert rows(portal) == before, path
    page.wait_for_timeout(500)
    assert rows(portal) == before


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda key: key or "none")
@pytest.mark.parametrize(
    "sentence",
    [SENTENCES[0], pytest.param(SENTENCES[1], marks=pytest.mark.slow("another sentence"))],
    ids=("customer", "wants"),
)
def test_a_sentence_after_a_shortcut_changes_nothing_on_any_page(
    portal: Portal, page: Page, shortcut: str, sentence: str
) -> None:
    type_on(page, portal, (*agents_pages(), *own_pages(portal)), shortcut + sentence)


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda key: key or "none")
@pytest.mark.parametrize("sentence", HOSTILE, ids=("digits", "fix", "ox"))
def test_words_with_shortcuts_in_them_change_nothing(portal: Portal, page: Page, shortcut: str, sentence: str) -> None:
    type_on(page, portal, ("/worklist/", *own_pages(portal)), shortcut + sentence)


def test_slow_words_change_nothing_either(portal: Portal, page: Page) -> None:
    before = rows(portal)
    page.goto(f"{portal.address}/customers/1/")
    for word in ("x", "o", "x 2 o 3 "):
        page.keyboard.type(word)
        page.wait_for_timeout(1_100)  # longer than the pause that parts words from shortcuts
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert rows(portal) == before


def test_the_note_that_n_opens_takes_the_words(portal: Portal, page: Page) -> None:
    page.goto(f"{portal.address}/customers/1/")
    page.evaluate("sessionStorage.clear()")  # what the tests before typed into it
    page.reload()
    page.keyboard.press("n")
    page.keyboard.type("Customer says price is too high")
    expect(page.get_by_label("Note", exact=True)).to_have_value("Customer says price is too high")


def test_the_task_that_t_opens_takes_the_words_and_enter_sends_nothing(portal: Portal, page: Page) -> None:
    before = rows(portal)
    page.goto(f"{portal.address}/customers/1/")
    page.keyboard.press("t")
    page.keyboard.type("wants the family plan")
    page.keyboard.press("Enter")
    expect(page.get_by_label("What to do")).to_have_value("wants the family plan")
    assert rows(portal) == before


def test_recording_is_visible_confirmed_and_undone_with_keys(portal: Portal, page: Page) -> None:
    before = rows(portal)
    page.goto(f"{portal.address}/customers/1/")
    page.keyboard.press("o")
    expect(page.get_by_text("Press 1 to 5 to choose")).to_be_in_viewport()
    page.keyboard.press("2")
    expect(page.get_by_text("Will leave: press Enter to save it")).to_be_in_viewport()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.get_by_text("press Enter to save it")).to_be_hidden()
    assert rows(portal) == before
    page.wait_for_timeout(1_100)
    page.keyboard.press("o")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recorded: Will leave.")).to_be_visible()
    assert len(rows(portal)["desk_contact"]) == len(before["desk_contact"]) + 1
    page.keyboard.press("Enter")  # held down, or pressed once more: nothing has the focus that it could press
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("Undone: the entry counts no longer.")).to_be_visible()
    with closing(psycopg2.connect(portal.database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("select outcome from desk_contact where standing")
        assert cursor.fetchall() == [("kept",)]


def test_what_x_claims_is_given_back(portal: Portal, page: Page) -> None:
    before = rows(portal)["desk_task"]
    page.goto(f"{portal.address}/customers/1/")
    page.keyboard.press("x")
    expect(page.get_by_role("button", name="Next customer")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Next customer")).not_to_be_focused()
    assert rows(portal)["desk_task"] == before
    page.wait_for_timeout(1_100)
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/customers/1/" not in url)
    page.get_by_role("button", name="Give back").press("Enter")
    expect(page.get_by_text("Given back.")).to_be_visible()


def test_a_button_that_tab_reached_is_pressed_with_the_blank(portal: Portal, page: Page) -> None:
    page.goto(f"{portal.address}/customers/1/")
    page.keyboard.press("q")
    page.get_by_role("button", name="Watch").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Watching")).to_be_visible()


def test_a_word_that_goes_on_while_a_page_opens_is_no_shortcut_there(portal: Portal, page: Page) -> None:
    """The letter that arrives first on the new page would claim, and the line end confirm it."""
    before = rows(portal)
    page.goto(f"{portal.address}/customers/1/")
    page.wait_for_timeout(1_100)
    page.route("**/worklist/**", lambda route: (time.sleep(0.5), route.continue_()))
    page.keyboard.press("w")
    page.keyboard.type(" fi")
    page.wait_for_url("**/worklist/**")
    page.unroute("**/worklist/**")
    page.keyboard.type("x\n")
    page.wait_for_timeout(500)
    assert rows(portal) == before
