"""What we sign cannot be changed, used elsewhere, or used for ever."""

import time
from unittest.mock import patch

import pytest
from django.core import signing
from django.test import Client

from webportal.api.cards import SALT as CARD_SALT
from webportal.api.parameters import CONTACTS_SALT, CURSOR_SALT
from webportal.customers.listing.paging import LIFE_SECONDS
from webportal.customers.listing.views import CURSOR_SALT as PAGES_SALT
from webportal.customers.models import Snapshot


def first_cursor(program: Client, **more: str) -> str:
    cursor: str = program.get("/api/v1/customers/", {"limit": "5", **more}).json()["next"]
    return cursor


def test_a_cursor_goes_on_where_the_page_ended(program: Client, snapshot: Snapshot) -> None:
    body = program.get("/api/v1/customers/", {"limit": "5", "after": first_cursor(program)}).json()
    assert [customer["customer_number"] for customer in body["customers"]] == [str(300006 + n) for n in range(5)]


def refused(program: Client, cursor: str, **more: str) -> list[str]:
    response = program.get("/api/v1/customers/", {"after": cursor, **more})
    assert response.status_code == 400
    messages: list[str] = response.json()["error"]["fields"]["after"]
    return messages


def test_no_changed_cursor_is_taken(program: Client, snapshot: Snapshot, unlimited: None) -> None:
    cursor = first_cursor(program)
    for place in range(0, len(cursor), 3):
        other = "A" if cursor[place] != "A" else "B"
        changed = cursor[:place] + other + cursor[place + 1 :]
        # the last sign of base64 may differ and mean the same
        response = program.get("/api/v1/customers/", {"after": changed})
        assert response.status_code == 400 or place >= len(cursor) - 1


@pytest.mark.parametrize("cursor", ["", ":", "a:b:c", "x" * 399, "x" * 401, "\x00", "{}", "٣:٣:٣"])
def test_no_invented_cursor_is_taken(program: Client, snapshot: Snapshot, cursor: str) -> None:
    assert refused(program, cursor)


def taken(program: Client, cursor: str) -> bool:
    """Tell whether the page behind the first customer comes."""
    body = program.get("/api/v1/customers/", {"limit": "1", "after": cursor}).json()
    return [customer["customer_number"] for customer in body.get("customers", [])] == ["300002"]


@pytest.mark.parametrize(
    "salt", ["", "django.core.signing", "django.contrib.sessions.SessionStore", CONTACTS_SALT, PAGES_SALT, CARD_SALT]
)
def test_what_was_signed_for_something_else_is_not_taken(program: Client, snapshot: Snapshot, salt: str) -> None:
    values = [snapshot.pk, "number", "300001"]
    assert taken(program, signing.dumps(values, salt=CURSOR_SALT))
    assert refused(program, signing.dumps(values, salt=salt))


def test_a_cursor_ends_after_a_day(program: Client, snapshot: Snapshot) -> None:
    def signed(seconds_ago: int) -> str:
        with patch("django.core.signing.time.time", return_value=time.time() - seconds_ago):
            return signing.dumps([snapshot.pk, "number", "300001"], salt=CURSOR_SALT)

    assert taken(program, signed(LIFE_SECONDS - 60))
    assert refused(program, signed(LIFE_SECONDS + 1))


@pytest.mark.parametrize("values", [[1, "number", "300001", None], [1, "number"], ["1", "number", "300001"], {}, None])
def test_a_cursor_of_another_version_is_refused(
    program: Client, desk: Client, snapshot: Snapshot, values: object
) -> None:
    """An upgrade may change what a cursor holds while programs and pages keep cursors of the day before."""
    assert refused(program, signing.dumps(values, salt=CURSOR_SALT))
    contacts = {"after": signing.dumps(values, salt=CONTACTS_SALT)}
    assert program.get("/api/v1/customers/300001/contacts/", contacts).status_code == 400
    page = desk.get("/customers/", {"level": "paid", "after": signing.dumps(values, salt=PAGES_SALT)})
    unsigned = desk.get("/customers/", {"level": "paid", "after": "x"})
    assert page.status_code == unsigned.status_code < 500


def test_a_cursor_of_another_order_is_not_taken(program: Client, snapshot: Snapshot) -> None:
    assert refused(program, first_cursor(program, order="risk"), order="number")
