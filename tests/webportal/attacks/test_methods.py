"""A method that an address does not know changes nothing and opens nothing."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.webportal.attacks.walking import paths
from webportal.accounts.models import User
from webportal.customers.models import Snapshot

ODD = ("TRACE", "CONNECT", "PROPFIND", "DEBUG", "get", "JEFF", "")


@pytest.mark.parametrize("method", ODD)
def test_no_odd_method_opens_or_fails(browser_of: Callable[..., Client], snapshot: Snapshot, method: str) -> None:
    browser = browser_of()
    for path in paths():
        response = browser.generic(method, path)
        assert response.status_code < 500, path
        assert b"300001" not in response.getvalue(), path  # the number of a customer, which a page would show
        assert b"HTTP_" not in response.getvalue(), path  # a TRACE would send headers back


def test_no_method_can_be_put_over_another(
    browser_of: Callable[..., Client], administrator: User, agent: User, snapshot: Snapshot
) -> None:
    browser = browser_of(administrator)
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        for path in paths():
            if path == "/logout/":
                continue
            response = browser.get(f"{path}?_method=DELETE", headers={name: "DELETE"})
            assert response.status_code < 500, path
    assert User.objects.filter(pk=agent.pk, is_active=True).exists()
    assert browser.get("/search/").status_code == 200


def test_reading_never_writes(browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot) -> None:
    """HEAD and GET of every address leave users, groups and tokens as they are."""
    browser = browser_of(administrator)

    def state() -> list[object]:
        return list(User.objects.order_by("pk").values_list("pk", "password", "is_active", "role"))

    before = state()
    for path in paths():
        assert browser.head(path).status_code < 500, path
        assert browser.get(path).status_code < 500, path
    assert state() == before
    assert browser.get("/search/").status_code == 200


MAKES = {"/api/v1/customers/300001/card/": 201, "/api/v1/customers/300001/contacts/": 400}
"""What a program may ask for by POST, and what it gets for an empty body: a contact wants to be told."""


def test_the_api_takes_no_other_unsafe_method(program: Client, snapshot: Snapshot, unlimited: None) -> None:
    for path in paths():
        if path.startswith("/api/v1/") and path != "/api/v1/docs/":
            for method in ("post", "put", "patch", "delete"):
                status = MAKES.get(path, 405) if method == "post" else 405
                assert getattr(program, method)(path).status_code == status, path
