"""Tricks with paths end on a page of ours, and read no file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from tests.webportal.attacks.payloads import PATHS
from tests.webportal.attacks.walking import places
from webportal.accounts.models import User
from webportal.customers.models import Snapshot

ROOT = Path(__file__).resolve().parents[3]
OF_FILES = ("root:x:0", "SECRET_KEY", "INSTALLED_APPS", "psycopg2", "BEGIN RSA")
PREFIXES = ("/", "/static/", "/static/encore/", "/customers/", "/charts/app/", "/admin/", "/api/v1/customers/", "/api/")


def words_of_files(response: HttpResponseBase) -> list[str]:
    """Return the words of `OF_FILES` in an answer."""
    body = response.getvalue().decode(errors="replace")  # type: ignore[attr-defined] # of both kinds of answers
    return [word for word in OF_FILES if word in body]


@pytest.mark.parametrize("trick", PATHS)
def test_no_prefix_leads_out_of_the_site(
    browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot, trick: str
) -> None:
    for browser in (browser_of(administrator), browser_of()):
        for prefix in PREFIXES:
            response = browser.get(prefix + trick)
            assert response.status_code < 500, prefix
            assert words_of_files(response) == [], prefix


@pytest.mark.parametrize("file", ["/etc/passwd", "webportal/config/settings/base.py", "pyproject.toml"])
def test_a_file_that_is_read_would_be_noticed(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert [word for word in OF_FILES if word in text]


@pytest.mark.parametrize("trick", [trick for trick in PATHS if "etc/passwd" in trick or "etc%2f" in trick])
def test_no_trick_reads_a_file_beside_the_static_ones(
    browser_of: Callable[..., Client], settings: Settings, tmp_path: Path, db: None, trick: str
) -> None:
    static = tmp_path / "site" / "static"
    for folder in (tmp_path / "etc", tmp_path / "site" / "etc", static / "etc"):
        folder.mkdir(parents=True)
        (folder / "passwd").write_text("root:x:0:0:root:/root:/bin/sh")
    settings.STATIC_ROOT = static
    browser = browser_of()
    assert words_of_files(browser.get("/static/etc/passwd")) == ["root:x:0"]  # one among them is served, and noticed
    for prefix in ("/static/", "/static/etc/", "/static/etc/../"):
        response = browser.get(prefix + trick)
        assert response.status_code in (302, 404), prefix  # 302: what is no address leads strangers to the login
        assert words_of_files(response) == [], prefix


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
