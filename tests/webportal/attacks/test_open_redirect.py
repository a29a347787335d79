"""A link to the login leads nowhere but back here."""

from collections.abc import Callable
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.test import Client

from tests.webportal.attacks.payloads import ELSEWHERE
from tests.webportal.attacks.walking import paths
from webportal.accounts.models import User

HERE = "http://testserver/login/"


def stays_here(location: str) -> bool:
    """Tell where a browser would go: it drops tabs and line ends, and reads backslashes as slashes."""
    read = "".join(sign for sign in location.strip() if sign not in "\t\r\n").replace("\\", "/")
    target = urlsplit(urljoin(HERE, read))
    return (target.scheme, target.netloc) == ("http", "testserver")


@pytest.mark.parametrize("location", ["//evil.example", "/\\evil.example", "\t//evil.example", "javascript:alert(1)"])
def test_the_test_would_see_it(location: str) -> None:
    assert not stays_here(location)
    assert stays_here("/customers/1/?next=//evil.example")


@pytest.mark.django_db
@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("name", ["next", "redirect_to", "url", "return"])
def test_signing_in_stays_here(client: Client, agent: User, name: str, target: str) -> None:
    response = client.post("/login/", {"login": "agent", "password": "correct horse", name: target})
    assert response.status_code == 302
    assert stays_here(response.headers["Location"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "written", [lambda text: text, lambda text: quote(text, safe=""), lambda text: quote(quote(text))]
)
@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_address_redirects_elsewhere_by_its_query(
    browser_of: Callable[..., Client], agent: User, target: str, written: Callable[[str], str]
) -> None:
    query = "&".join(
        f"{name}={quote(written(target), safe='')}" for name in ("next", "url", "return_to", "redirect_to")
    )
    for browser in (browser_of(agent), browser_of()):
        for path in ("/login/", "/logout/", "/admin/login/", "/admin/", "/search/"):
            response = browser.get(f"{path}?{query}")
            assert response.status_code < 500
            assert stays_here(response.headers.get("Location", "/"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["/%2fevil.example", "//evil.example/%2e%2e", "/\\evil.example/", "/.//evil.example"]
)
def test_no_path_redirects_elsewhere(browser_of: Callable[..., Client], agent: User, target: str) -> None:
    for browser in (browser_of(agent), browser_of()):
        for prefix in ("", "/admin", "/customers", "/api"):
            response = browser.get(prefix + target)
            assert response.status_code < 500
            assert stays_here(response.headers.get("Location", "/"))


@pytest.mark.django_db
def test_the_login_link_of_every_address_stays_here(browser_of: Callable[..., Client]) -> None:
    browser = browser_of()
    locations = [browser.get(path).headers.get("Location", "/") for path in paths()]
    assert len({location for location in locations if location.startswith("/login/")}) > 10
    assert [location for location in locations if not stays_here(location)] == []
