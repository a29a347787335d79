"""Tricks with paths end on a page of ours, and read no file."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.webportal.attacks.payloads import PATHS
from tests.webportal.attacks.walking import places
from webportal.accounts.models import User
from webportal.customers.models import Snapshot

OF_FILES = ("root:x:0", "SECRET_KEY", "INSTALLED_APPS", "psycopg2", "BEGIN RSA")
PREFIXES = ("/", "/static/", "/static/encore/", "/customers/", "/charts/app/", "/admin/", "/api/v1/customers/", "/api/")


@pytest.mark.parametrize("trick", PATHS)
def test_no_prefix_leads_out_of_the_site(
    browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot, trick: str
) -> None:
    for browser in (browser_of(administrator), browser_of()):
        for prefix in PREFIXES:
            response = browser.get(prefix + trick)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            assert response.status_code < 500, prefix
            assert not [word for word in OF_FILES if word in body.decode(errors="replace")], prefix


@pytest.mark.parametrize("trick", PATHS)
def test_no_parameter_of_a_route_fails(
    browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot, trick: str
) -> None:
    browser = browser_of(administrator)
    for place in places():
        path = place.with_value(trick)
        if path:
            assert browser.get(path).status_code < 500, path


@pytest.mark.parametrize("trick", PATHS)
def test_the_api_answers_in_json(program: Client, snapshot: Snapshot, unlimited: None, trick: str) -> None:
    response = program.get(f"/api/v1/customers/{trick}/")
    assert response.status_code in (400, 404)
    assert set(response.json()["error"]) == {"code", "message", "fields"}
