"""Nothing but the login is open to anonymous visitors: every address there is gets tried."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

OPEN = {"login/", "healthz"}
SAMPLES = {"int": "1", "slug": "listening", "str": "listening", "path": "300001", "uuid": "0" * 32}


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif isinstance(entry, URLPattern):
            yield route


def fill(route: str) -> str:
    """Return an address that the route matches; regular expressions of the admin are given a plain one."""
    plain = route.replace("(?P<url>.*)$", "anything").replace("^(?P<app_label>auth|accounts)/$", "auth/")
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found[1] or "str"], plain)


ADDRESSES = sorted({fill(route) for route in routes(get_resolver())})


def test_finds_the_addresses_of_every_app() -> None:
    assert {"", "search/", "customers/300001/", "login/", "logout/", "admin/", "healthz"} <= set(ADDRESSES)
    assert "charts/app/listening/_dash-update-component" in ADDRESSES
    assert not any("add_stateless_apps" in address or "/instance/" in address for address in ADDRESSES)
    assert not any(set(address) & set("<>(?*") for address in ADDRESSES)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", [address for address in ADDRESSES if address not in OPEN])
def test_sends_anonymous_visitors_to_the_login(address: str, method: str) -> None:
    response = getattr(Client(), method)(f"/{address}", follow=True)
    assert response.redirect_chain
    assert response.redirect_chain[-1][0].startswith("/login/?next=/")


@pytest.mark.django_db
def test_sends_anonymous_visitors_to_the_login_from_where_there_is_nothing() -> None:
    response = Client().get("/nothing/here")
    assert (response.status_code, response.headers["Location"]) == (302, "/login/?next=/nothing/here")


@pytest.mark.django_db
@pytest.mark.parametrize("address", sorted(OPEN))
def test_leaves_open_what_must_be(address: str) -> None:
    assert Client().get(f"/{address}").status_code == 200
