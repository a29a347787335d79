"""Each parameter by itself, the others valid: the payload is a value in SQL, or is refused before any SQL."""

import re
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.webportal.attacks.payloads import SQL
from tests.webportal.attacks.stored import stored
from webportal.accounts.models import User
from webportal.customers.models import Snapshot

MARK = "qzx"
"""Goes before each payload, and so shows where it arrives."""
SLEEP_SECONDS = 3

TAKEN = (
    ("/search/", {}, "q"),
    ("/search/suggest/", {}, "q"),
    ("/customers/", {"level": "paid"}, "place"),
    ("/customers/", {"place": "Bozeman, MT"}, "level"),
    ("/admin/accounts/user/", {}, "q"),
    ("/admin/accounts/user/", {}, "username__exact"),
)
"""Pages, what else is asked, and the parameter that takes any text: it must arrive in SQL."""

REFUSED = (
    ("/customers/", {"place": "Bozeman, MT"}, "band"),
    ("/customers/", {"place": "Bozeman, MT"}, "seen"),
    ("/customers/", {"place": "Bozeman, MT"}, "after"),
    ("/customers/", {"band": "high"}, "least"),
    ("/customers/", {"band": "high"}, "below"),
    ("/alerts/", {}, "before"),
    ("/worklist/", {}, "show"),
    ("/customers/300001/", {}, "older"),
)
"""Parameters that take one of a few values, or a number: no text of a visitor may arrive in SQL."""


def statements(browser: Client, path: str, asked: dict[str, str]) -> tuple[int, list[str]]:
    """Return the status, and the statements but those of the audit, which holds what was typed."""
    started = time.monotonic()
    with CaptureQueriesContext(connection) as captured:
        response = browser.get(path, asked)
        response.getvalue()
    assert time.monotonic() - started < SLEEP_SECONDS, path
    asked_for = [query["sql"] for query in captured.captured_queries]
    return response.status_code, [sql for sql in asked_for if "audit_event" not in sql]


@pytest.mark.parametrize("payload", SQL)
@pytest.mark.parametrize(("path", "rest", "name"), TAKEN, ids=lambda value: value if isinstance(value, str) else "")
def test_what_takes_any_text_hands_it_on_as_a_value(
    browser_of: Callable[..., Client],
    administrator: User,
    snapshot: Snapshot,
    path: str,
    rest: dict[str, str],
    name: str,
    payload: str,
) -> None:
    browser, before = browser_of(administrator), stored()
    # of the same words, since a search asks once for a number, once for each word and once for the whole name
    plain_status, plain = statements(browser, path, {**rest, name: MARK + re.sub(r"[^A-Za-z0-9]", " ", payload)})
    status, sent = statements(browser, path, {**rest, name: MARK + payload})
    assert [sql for sql in sent if MARK in sql.lower()], "the payload does not reach SQL"
    assert status == plain_status < 500
    assert len(sent) <= 2 * len(plain)  # a number with other signs is looked for with and without them
    assert stored() == before


@pytest.mark.parametrize("payload", SQL)
@pytest.mark.parametrize(("path", "rest", "name"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_what_takes_a_choice_lets_no_text_through(
    browser_of: Callable[..., Client],
    administrator: User,
    snapshot: Snapshot,
    path: str,
    rest: dict[str, str],
    name: str,
    payload: str,
) -> None:
    status, sent = statements(browser_of(administrator), path, {**rest, name: MARK + payload})
    assert status < 500
    assert [sql for sql in sent if MARK in sql.lower()] == []
