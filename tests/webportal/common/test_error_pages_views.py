from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client

from webportal.accounts.models import User
from webportal.customers.models import Snapshot
from webportal.customers.selectors import Shown

READ = "webportal.customers.current_snapshot.get_shown"


def test_healthz_says_only_ok_and_asks_no_database(client: Client) -> None:
    response = client.get("/healthz")  # a query would fail: this test has no database
    assert (response.status_code, response.content) == (200, b"ok")


def test_an_unknown_address_has_a_page_of_ours(desk: Client, snapshot: Snapshot) -> None:
    response = desk.get("/nothing")
    assert response.status_code == 404
    assert "No such page" in response.content.decode()


def test_a_page_that_is_not_for_this_user_says_so(desk: Client, snapshot: Snapshot) -> None:
    with patch(READ, side_effect=[PermissionDenied, Shown(snapshot)]):
        response = desk.get("/")
    assert response.status_code == 403
    assert "You are signed in as agent" in response.content.decode()


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [
        (OperationalError("no route to db.example"), 503, "cannot reach its database"),
        (RuntimeError("a secret detail"), 500, "could not show this page"),
    ],
)
def test_failures_have_pages_that_reveal_nothing(agent: User, failure: Exception, status: int, words: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(agent)
    with patch(READ, side_effect=failure):
        response = client.get("/")
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert str(failure) not in page
    assert response.headers.get("Retry-After") == ("30" if status == 503 else None)


def test_a_form_without_its_token_is_told_in_words(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/login/", {"login": "a", "password": "b"})
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()
