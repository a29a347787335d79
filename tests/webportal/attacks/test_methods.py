"""A method that an address does not know changes nothing and opens nothing."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.webportal.attacks.stored import stored
from tests.webportal.attacks.walking import ENDS_THE_SESSION, paths
from webportal.accounts.models import User
from webportal.customers.models import Snapshot

ODD = ("TRACE", "CONNECT", "PROPFIND", "DEBUG", "get", "JEFF", "")


@pytest.mark.parametrize("method", ODD)
@pytest.mark.parametrize("role", ["nobody", "administrator"])
def test_no_odd_method_opens_writes_or_fails(
    browser_of: Callable[..., Client], snapshot: Snapshot, administrator: User, method: str, role: str
) -> None:
    browser, before = browser_of(administrator if role == "administrator" else None), stored()
    for path in paths():
        if path in ENDS_THE_SESSION:
            continue
        response = browser.generic(method, path, headers={"X-Sent": "marked-by-the-visitor"})
        answer = response.getvalue()
        assert response.status_code < 500, path
        assert b"marked-by-the-visitor" not in answer, path  # a TRACE would send headers back
        if role == "nobody":
            assert b"300001" not in answer, path  # the number of a customer, which a page would show
    assert stored() == before


def test_no_method_can_be_put_over_another(
    browser_of: Callable[..., Client], administrator: User, agent: User, snapshot: Snapshot
) -> None:
    browser, before = browser_of(administrator), stored()
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        for path in paths():
            if path == "/logout/":
                continue
            response = browser.get(f"{path}?_method=DELETE", headers={name: "DELETE"})
            assert response.status_code < 500, path
    assert stored() == before
    assert browser.get("/search/").status_code == 200


MAKES = {"/api/v1/customers/300001/card/": 201, "/api/v1/customers/300001/contacts/": 400}
"""What a program may ask for by POST, and what it gets for an empty body: a contact wants to be told."""


def test_the_api_takes_no_other_unsafe_method(program: Client, snapshot: Snapshot, unlimited: None) -> None:
    for path in paths():
        if path.startswith("/api/v1/") and path != "/api/v1/docs/":
            for method in ("post", "put", "patch", "delete"):
                status = MAKES.get(path, 405) if method == "post" else 405
                assert getattr(program, method)(path).status_code == status, path
