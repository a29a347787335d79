"""What we sign cannot be changed, used elsewhere, or used for ever."""

import time
from unittest.mock import patch

import pytest
from django.core import signing
from django.test import Client

from webportal.api.parameters import CURSOR_SALT
from webportal.customers.cursors import LIFE_SECONDS
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


@pytest.mark.parametrize("salt", ["", "django.core.signing", "django.contrib.sessions.SessionStore"])
def test_what_was_signed_for_something_else_is_not_taken(program: Client, snapshot: Snapshot, salt: str) -> None:
    assert refused(program, signing.dumps([snapshot.pk, "number", "300001", None], salt=salt))


def test_a_cursor_ends_after_a_day(program: Client, snapshot: Snapshot) -> None:
    with patch("django.core.signing.time.time", return_value=time.time() - LIFE_SECONDS - 1):
        cursor = signing.dumps([snapshot.pk, "number", "300001", None], salt=CURSOR_SALT)
    assert refused(program, cursor)


def test_a_cursor_of_another_order_is_not_taken(program: Client, snapshot: Snapshot) -> None:
    assert refused(program, first_cursor(program, order="risk"), order="number")
